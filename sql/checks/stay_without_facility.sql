-- Severity: warning
-- Sentence: A hospital stay names neither a facility nor who billed: transfers from and to it, and its readmissions, may be missed.
select patient_no, stay_id
from stay_fact
where facility_npi is null
