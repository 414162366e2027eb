-- Severity: fault
-- Sentence: A patient is counted without a period of at least 91 days and two fills, or left out without a reason: a fault of the program; please report it.
select patient_no, measure, year
from adherence_fact
where in_denominator <> (excluded_because is null)
    or (in_denominator and (period_days is null or period_days_without_stay_adjustment < 91 or fills < 2 or adherent is null and elapsed_days > 0))
