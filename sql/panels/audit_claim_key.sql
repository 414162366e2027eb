-- One row for one MTM claim of one patient, counted from the patient's first, by its own id; none when there is no such claim.
-- Rows: keys
-- $patient_no integer: the patient
-- $number integer: the claim, counted from the patient's first
select distinct data_source, claim_id
from audit_claim
where patient_no = $patient_no and claim_number = $number
