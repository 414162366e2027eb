-- Severity: warning
-- Sentence: It cannot be known whether an admission was planned, because its procedures are coded in ICD-9 or its diagnosis has no group; an index stay followed by one is left out of readmissions.
select patient_no, stay_no
from readmission
where planned is null
