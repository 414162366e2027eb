-- Rule: A06
-- Title: Two primary codes
-- Version: 1
-- Severity: recover
-- Statement: A patient has 99605 or 99606 on one day, not both; 99606 is the line that is not payable.
-- Message: Two primary MTM codes were billed for one date.
-- Recovers: the payment of the line of 99606
-- Documents: Proof of two separate sessions.
select
    line.line_no,
    'one primary code on ' || day_words(line.service_date) as expected,
    '99606 beside 99605' as found,
    line.paid as at_risk
from audit_line as line
semi join (select patient_no, service_date from audit_line where procedure_code = '99605') as new_patient
    on line.patient_no = new_patient.patient_no and line.service_date = new_patient.service_date
where line.procedure_code = '99606'
