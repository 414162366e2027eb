-- Rule: A33
-- Title: Summary not in the format
-- Version: 1
-- Severity: correct
-- Statement: The written summary of a comprehensive review is in the CMS standardized format where the programme asks for it.
-- Message: The summary is not in the CMS standardized format.
-- Recovers: nothing
-- Documents: The summary as sent: cover letter, to-do list, medication list.
-- Needs: mtm_service.summary_standard_format
-- Parameters: standard_summary
select
    line.line_no,
    'a summary in the standardized format' as expected,
    'another format' as found,
    0 as at_risk
from audit_line as line
inner join audit_term as term on line.term_no = term.term_no
where line.service_type = 'cmr' and term.standard_summary = 'yes' and line.summary_sent_on is not null and line.summary_standard_format = false
