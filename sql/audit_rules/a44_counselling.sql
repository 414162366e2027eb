-- Rule: A44
-- Title: Counselling billed
-- Version: 1
-- Severity: recover
-- Statement: A session on a day on which the patient had a fill lasted least_minutes or more.
-- Message: Routine dispensing counselling was billed as MTM.
-- Recovers: the payment of the line
-- Documents: Start and end time, and what was reviewed beyond the medicine dispensed.
-- Needs: mtm_service.end_time, pharmacy_claim
-- Parameters: least_minutes
select
    line.line_no,
    term.least_minutes || ' minutes or more on a day of dispensing' as expected,
    round(line.minutes)::integer || ' minutes; a fill on the same day' as found,
    line.paid as at_risk
from audit_line as line
inner join audit_term as term on line.term_no = term.term_no
semi join fill on line.patient_no = fill.patient_no and line.service_date = fill.dispensed_on
where line.minutes < term.least_minutes
