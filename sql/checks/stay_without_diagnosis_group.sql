-- Severity: warning
-- Sentence: A stay's principal diagnosis is missing or belongs to no CCS category: the stay is no index for readmission.
select patient_no, stay_id
from stay_fact
where kind = 'acute' and ccs is null
