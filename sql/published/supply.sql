-- One row for each fill that counts for a measure and year, and each target ingredient in it: when it was dispensed, and which days it counts for.
-- An early refill of the same ingredient starts the day after the earlier supply ends, in chains (R8, R10); same-day fills of one ingredient
-- queue by claim; counted_to is cut at the period's end (R11), and a fill of which no day lies inside the period has no counted days.
-- Closed form: with S the running sum of days' supply, supply i ends on S(i) - 1 + the greatest of (day(j) - S(j - 1)) for j up to i.
with class_fill as (
    select
        patient.patient_id,
        fact.measure,
        fact.year,
        fact.period_end,
        fill.claim_id,
        fill.claim_line_number,
        fill.data_source,
        class.ingredient,
        fill.dispensed_on,
        fill.days_supply,
        fill.pharmacy_npi,
        fill.source_file,
        fill.source_line,
        fill.load_id
    from adherence_fact as fact
    inner join patient on fact.patient_no = patient.patient_no
    inner join measure_code on fact.measure = measure_code.measure
    inner join fill
        on fact.patient_no = fill.patient_no
        and fill.dispensed_on between fact.index_date and least(fact.as_of, make_date(fact.year, 12, 31))
    inner join ndc_class as class
        on fill.ndc_code = class.ndc_code
        and measure_code.base_measure = class.measure
        and class.role = 'target'
        and (class.valid_from is null or fill.dispensed_on >= class.valid_from)
        and (class.valid_to is null or fill.dispensed_on <= class.valid_to)
    where case when fact.in_pharmacy_view then fill.in_pharmacy_view else fill.is_covered end
        and coalesce(fill.drug_coverage_status, 'C') not in ('E', 'O')
),

running as (
    select
        *,
        sum(days_supply) over (
            partition by patient_id, measure, year, ingredient
            order by dispensed_on, data_source, claim_id, claim_line_number
            rows between unbounded preceding and current row
        )::integer as supplied
    from class_fill
),

placed as (
    select
        *,
        max(dispensed_on - (supplied - days_supply)) over (
            partition by patient_id, measure, year, ingredient
            order by dispensed_on, data_source, claim_id, claim_line_number
            rows between unbounded preceding and current row
        ) + supplied - 1 as supplied_to
    from running
)

select
    patient_id,
    measure,
    year,
    claim_id,
    ingredient,
    dispensed_on,
    days_supply,
    case when supplied_to - days_supply + 1 <= period_end then (supplied_to - days_supply + 1)::date end as counted_from,
    case when supplied_to - days_supply + 1 <= period_end then least(supplied_to, period_end)::date end as counted_to,
    source_file,
    source_line,
    load_id
from placed
