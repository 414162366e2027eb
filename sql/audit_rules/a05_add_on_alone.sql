-- Rule: A05
-- Title: Add-on alone
-- Version: 1
-- Severity: recover
-- Statement: A line of 99607 stands on a claim with a paid line of 99605 or 99606 for the same patient and day.
-- Message: The add-on code was billed without a primary code.
-- Recovers: the payment of the line
-- Documents: The claim with its primary line.
with primary_line as (
    select data_source, claim_id, patient_no, service_date
    from audit_line
    where is_primary
)

select
    line.line_no,
    '99605 or 99606 paid on the same claim' as expected,
    '99607 for ' || line.units::integer || ' units alone' as found,
    line.paid as at_risk
from audit_line as line
anti join primary_line
    on line.data_source is not distinct from primary_line.data_source
    and line.claim_id = primary_line.claim_id
    and line.patient_no = primary_line.patient_no
    and line.service_date = primary_line.service_date
where line.is_add_on
