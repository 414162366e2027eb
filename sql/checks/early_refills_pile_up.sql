-- Severity: warning
-- Sentence: A fill this year starts to count more than 60 days after it was dispensed, because earlier supply of the same drug was still on hand; days' supply may be too long.
select patient_id, measure, claim_id
from supply
where year = (select year(as_of) from run) and counted_from > dispensed_on + 60
