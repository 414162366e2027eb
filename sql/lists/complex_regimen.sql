-- Title: Complex regimen
-- Topic: MTM
-- Why: Many trips, prescribers and pharmacies make mistakes and gaps likely.
-- Rule: In the 90 days up to the as-of day two or more of: twelve pick-up days or more, five prescribers or more, three pharmacies or more. Most pick-up days first.
-- Action: Synchronise refills, one pharmacy, one list for all prescribers.
-- Source: This program's own; data/reference/complexity_limit.csv
-- Limits: What is not a claim is not seen.
with counted as (
    select
        fill.patient_no,
        count(distinct fill.dispensed_on) as pick_up_days,
        count(distinct fill.prescriber_npi) as prescribers,
        count(distinct fill.pharmacy_npi) as pharmacies,
        count(distinct fill.ndc_code) as products,
        min(fill.dispensed_on) as first_on
    from fill
    inner join run on fill.dispensed_on > run.as_of - 90
    group by fill.patient_no
),

limits as (
    select
        max(at_least) filter (where what = 'pick_up_days') as pick_up_days,
        max(at_least) filter (where what = 'prescribers') as prescribers,
        max(at_least) filter (where what = 'pharmacies') as pharmacies
    from complexity_limit
),

documented as (
    select patient_no, max(identified_date) as identified_on, arg_max(recommendation_id, (identified_date, recommendation_id)) as recommendation_id
    from documented_problem
    where list = 'complex_regimen'
    group by patient_no
)

select
    person.patient_id,
    'complex_regimen' as list,
    counted.pick_up_days || ' pick-up days, ' || counted.prescribers || ' prescribers, ' || counted.pharmacies || ' pharmacies in 90 days' as reason,
    counted.products || ' products since ' || strftime(counted.first_on, '%-d %b')
        || coalesce('; recommendation ' || documented.recommendation_id || ' of ' || strftime(documented.identified_on, '%-d %b %Y'), '') as evidence,
    row_number() over (order by documented.patient_no is not null, counted.pick_up_days desc, counted.prescribers desc, person.patient_id)::integer as priority,
    null::date as due_on,
    null::varchar as measure,
    person.pharmacy_npi,
    case when documented.patient_no is null then 'new' else 'documented' end as state,
    documented.recommendation_id as documented_by,
    counted.first_on as since_on,
    person.patient_no
from counted
cross join limits
inner join listable_patient as person on counted.patient_no = person.patient_no
left join documented on counted.patient_no = documented.patient_no
where (counted.pick_up_days >= limits.pick_up_days)::integer
    + (counted.prescribers >= limits.prescribers)::integer
    + (counted.pharmacies >= limits.pharmacies)::integer >= 2
