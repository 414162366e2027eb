-- Severity: fault
-- Sentence: A patient is counted without a period and fills as long and as many as the measure asks for, or left out without a reason: a fault of the program; please report it.
select patient_no, measure, year
from adherence_fact
where in_denominator <> (excluded_because is null)
    or (in_denominator and (period_days is null or period_days_without_stay_adjustment < (select value::integer from setting where setting = 'minimum_period_days')
            or fills < (select value::integer from setting where setting = 'minimum_fill_dates')
            or adherent is null and elapsed_days > 0))
