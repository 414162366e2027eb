-- Rule: A02
-- Title: Late entry
-- Version: 1
-- Severity: correct
-- Statement: A session is written down before its claim is sent, and no more than late_entry_days after it was held.
-- Message: The documentation was created after the claim was sent, or long after the service.
-- Recovers: nothing; the entry is explained or the claim corrected
-- Documents: The audit trail of the record: who wrote it and when.
-- Needs: mtm_service.documented_at
-- Parameters: late_entry_days
select
    line.line_no,
    'written down by ' || day_words(least(line.service_date + term.late_entry_days, coalesce(line.submitted_on, date '9999-12-31'))) as expected,
    'written down on ' || day_words(line.documented_at) || ', ' || (line.documented_at::date - line.service_date) || ' days after the session'
    || case
        when line.documented_at::date > line.paid_on then ', after payment'
        when line.documented_at::date > line.submitted_on then ', after the claim was sent'
        else ''
    end as found,
    0 as at_risk
from audit_line as line
inner join audit_term as term on line.term_no = term.term_no
where line.documented_at::date > least(line.service_date + term.late_entry_days, coalesce(line.submitted_on, date '9999-12-31'))
