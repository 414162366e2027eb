-- Severity: warning
-- Sentence: Bills of two places share days, and each day counts for the one admitted last; one of the bills has wrong days, or a stay elsewhere was not billed apart.
select patient_no, stay_id
from stay_fact
where parts > 1
