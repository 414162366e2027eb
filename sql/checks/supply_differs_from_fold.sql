-- Severity: fault
-- Sample: 100
-- Sentence: In a sample of one patient in a hundred, the days that the supply view counts are not the covered days of the fold: a fault of the program; please report it.
with sample as (
    select patient.patient_id, fact.measure, fact.year, fact.index_date, least(fact.as_of, fact.period_end) as through, fact.covered_days_without_stay_adjustment
    from adherence_fact as fact
    inner join patient on fact.patient_no = patient.patient_no
    inner join measure_code on fact.measure = measure_code.measure
    where fact.index_date is not null and measure_code.min_ingredients = 1
),

counted_day as (
    select distinct sample.patient_id, sample.measure, sample.year, unnest(range(supply.counted_from, supply.counted_to + 1, interval 1 day))::date as on_day
    from sample
    inner join supply using (patient_id, measure, year)
    where supply.counted_from is not null
),

counted as (
    select sample.patient_id, sample.measure, sample.year, count(*) as covered_days
    from sample
    inner join counted_day using (patient_id, measure, year)
    where counted_day.on_day between sample.index_date and sample.through
    group by sample.patient_id, sample.measure, sample.year
)

select sample.patient_id, sample.measure, sample.year
from sample
left join counted using (patient_id, measure, year)
where counted.covered_days is distinct from sample.covered_days_without_stay_adjustment
