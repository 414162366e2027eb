-- Severity: fault
-- Sentence: A patient has more covered days than days, or a PDC above 1: a fault of the program; please report it.
select patient_no, measure, year
from adherence_fact
where covered_days > elapsed_days or pdc > 1 or missed_days < 0 or elapsed_days > period_days
