-- Title: Interacting medicines on hand
-- Topic: MTM
-- Why: Some pairs harm together.
-- Rule: Two ingredients of a listed pair on hand on the as-of day. The more severe first, then the pair that began last.
-- Action: Ask the prescriber; monitor or change one.
-- Source: data/reference/drug_pair.csv, each row with its source
-- Limits: A short list, not an interaction checker. Dose and route are not looked at.
with on_hand as (
    select patient_no, ingredient, first_fill_on, last_fill_on, runs_out_on
    from medication_fact
),

member as (
    select drug_group as name, ingredient, true as is_group from drug_group
    union all
    select distinct ingredient, ingredient, false from medication_fact
),

pair as (
    select distinct one.ingredient as first, two.ingredient as second, listed.severity, listed.meaning
    from drug_pair as listed
    inner join member as one on listed.first = one.name and listed.first_is_group = one.is_group
    inner join member as two on listed.second = two.name and listed.second_is_group = two.is_group
    where one.ingredient <> two.ingredient
),

found as (
    select
        one.patient_no,
        pair.first,
        pair.second,
        pair.severity,
        pair.meaning,
        greatest(one.first_fill_on, two.first_fill_on) as since_on,
        least(one.runs_out_on, two.runs_out_on) as until_on
    from pair
    inner join on_hand as one on pair.first = one.ingredient
    inner join on_hand as two on one.patient_no = two.patient_no and pair.second = two.ingredient
),

documented as (
    select found.patient_no, found.first, found.second, max(recommended.identified_on) as identified_on, arg_max(recommended.recommendation_id, (recommended.identified_on, recommended.recommendation_id)) as recommendation_id
    from found
    inner join recommended_ingredient as recommended
        on found.patient_no = recommended.patient_no and recommended.ingredient in (found.first, found.second)
    where recommended.list = 'interacting_pair'
    group by found.patient_no, found.first, found.second
)

select
    person.patient_id,
    'interacting_pair' as list,
    found.first || ' with ' || found.second || ': ' || found.meaning as reason,
    'Both on hand until ' || strftime(found.until_on, '%-d %b') || '; severity ' || found.severity
        || coalesce('; recommendation ' || documented.recommendation_id || ' of ' || strftime(documented.identified_on, '%-d %b %Y'), '') as evidence,
    row_number() over (order by documented.patient_no is not null, found.severity <> 'high', found.since_on desc, found.first, found.second, person.patient_id)::integer as priority,
    null::date as due_on,
    null::varchar as measure,
    person.pharmacy_npi,
    case when documented.patient_no is null then 'new' else 'documented' end as state,
    documented.recommendation_id as documented_by,
    found.first || ' with ' || found.second as subject,
    found.since_on as since_on,
    person.patient_no
from found
inner join listable_patient as person on found.patient_no = person.patient_no
left join documented on found.patient_no = documented.patient_no and found.first = documented.first and found.second = documented.second
