-- Rule: A40
-- Title: Late claim
-- Version: 1
-- Severity: recover
-- Statement: A claim is sent no more than submit_days after the service.
-- Message: The claim was sent after the filing limit.
-- Recovers: the payment of the line
-- Documents: Proof of an earlier submission.
-- Needs: mtm_claim.submitted_date
-- Parameters: submit_days
select
    line.line_no,
    'sent by ' || day_words(line.service_date + term.submit_days) as expected,
    'sent on ' || day_words(line.submitted_on) || ', ' || (line.submitted_on - line.service_date) || ' days after' as found,
    line.paid as at_risk
from audit_line as line
inner join audit_term as term on line.term_no = term.term_no
where line.submitted_on - line.service_date > term.submit_days
