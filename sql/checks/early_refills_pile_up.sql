-- Severity: warning
-- Sentence: A fill this year starts to count long after it was dispensed (more than 60 days, a setting), because earlier supply of the same drug was still on hand; days' supply may be too long.
select patient_no, measure, unnest(range(long_waits)) as fill
from adherence_fact
where year = (select year(as_of) from run) and long_waits > 0
