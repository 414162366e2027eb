-- Title: Could move to 90 days
-- Why: Fewer trips to the pharmacy leave fewer gaps.
-- Rule: Counted, on track or due soon, at least two fills of the ingredient filled last, and the last fill for under 84 days (both settings). In order of the day
--   supply runs out.
-- Action: Offer a 90-day fill; ask the prescriber when the prescription does not allow it.
-- Source: This program's own; 84 days is the least that is sold as three months.
-- Limits: Whether the plan pays for 90 days, and whether the dose is settled, is not known here.
with candidate as (
    select *
    from reviewable
    where in_denominator and status in ('on_track', 'due_soon') and last_days_supply < (select value::integer from setting where setting = 'three_month_days_supply')
),

same_ingredient as (
    select candidate.patient_no, candidate.measure
    from candidate
    inner join fill
        on candidate.patient_no = fill.patient_no
        and fill.dispensed_on between candidate.index_date and candidate.as_of
        and (fill.is_covered or candidate.in_pharmacy_view)
    inner join ndc_class as class
        on fill.ndc_code = class.ndc_code
        and candidate.base_measure = class.measure
        and candidate.last_ingredient = class.ingredient
        and class.role = 'target'
    group by candidate.patient_no, candidate.measure
    having count(*) >= (select value::integer from setting where setting = 'move_to_90_fills')
)

select
    candidate.patient_id,
    'move_to_90_days' as list,
    candidate.drug || ' filled for ' || candidate.last_days_supply || ' days at a time; next fill due '
    || strftime(candidate.runs_out_on + 1, '%-d %b') as reason,
    candidate.evidence,
    row_number() over (
        order by candidate.runs_out_on, candidate.at_stake desc, candidate.patient_id, candidate.measure
    )::integer as priority,
    (candidate.runs_out_on + 1)::date as due_on,
    candidate.measure,
    candidate.pharmacy_npi,
    'new' as state,
    candidate.last_fill_on as since_on,
    candidate.patient_no
from candidate
semi join same_ingredient on candidate.patient_no = same_ingredient.patient_no and candidate.measure = same_ingredient.measure
