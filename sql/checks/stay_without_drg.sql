-- Severity: warning
-- Sentence: An acute stay has no DRG: birth, psychiatric and rehabilitation stays are then told by diagnosis and ward only.
select patient_no, stay_id
from stay_fact
where kind = 'acute' and drg is null
