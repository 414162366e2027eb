-- Title: Dose above the usual highest
-- Topic: MTM
-- Why: Above it harm grows faster than benefit.
-- Rule: Strength times units a day of the last fill of a medicine on hand on the as-of day is above the listed dose by more than one percent. The furthest above first.
-- Action: Ask the prescriber whether the dose is meant.
-- Source: data/reference/dose_limit.csv, each row with its source
-- Limits: Single ingredients only, and only where the drug tables give the strength. A dose that was raised by a second prescription is not added up.
with dosed as (
    select
        medication.patient_no,
        medication.ingredient,
        medication.last_fill_on,
        medication.runs_out_on,
        medication.daily_units * strength.amount as a_day,
        listed.most_a_day,
        listed.unit
    from medication_fact as medication
    inner join drug_strength as strength on medication.ndc_code = strength.ndc_code and len(strength.ingredients) = 1
    inner join dose_limit as listed on medication.ingredient = listed.ingredient and strength.unit = listed.unit
),

found as (
    select * from dosed where a_day > most_a_day * 1.01
)

select
    person.patient_id,
    'dose_above_limit' as list,
    found.ingredient || ' ' || round(found.a_day, 2)::varchar || ' ' || found.unit || ' a day, above ' || found.most_a_day || ' ' || found.unit as reason,
    'Last fill ' || strftime(found.last_fill_on, '%-d %b') || ', on hand until ' || strftime(found.runs_out_on, '%-d %b')
        || coalesce('; recommendation ' || documented.recommendation_id || ' of ' || strftime(documented.identified_on, '%-d %b %Y'), '') as evidence,
    row_number() over (order by documented.patient_no is not null, found.a_day / found.most_a_day desc, found.ingredient, person.patient_id)::integer as priority,
    null::date as due_on,
    null::varchar as measure,
    person.pharmacy_npi,
    case when documented.patient_no is null then 'new' else 'documented' end as state,
    documented.recommendation_id as documented_by,
    found.ingredient as subject,
    found.last_fill_on as since_on,
    person.patient_no
from found
inner join listable_patient as person on found.patient_no = person.patient_no
left join recommended_ingredient as documented
    on found.patient_no = documented.patient_no and found.ingredient = documented.ingredient and documented.list = 'dose_above_limit'
