-- Title: Two of the same kind
-- Topic: MTM
-- Why: Two medicines of one class, or one medicine from two prescribers, are rarely meant.
-- Rule: In the 180 days up to the as-of day, 30 days or more on which two different ingredients of one class were on hand, or one ingredient from two
--   prescribers, as dispensed; the last such day no more than 30 days ago. Most such days first.
-- Action: Ask which one is to go on, and have the other stopped.
-- Source: This program's own; the classes are those of data/reference/drug_group.csv
-- Limits: A change of medicine with supply left over may look like it; thirty days keep most of that out.
with recent as (
    select fill.*, run.as_of
    from group_fill as fill
    inner join run on fill.dispensed_on > run.as_of - 180
    where fill.drug_group like 'class_%'
),

candidate as (
    select patient_no, drug_group, null::varchar as ingredient
    from recent
    group by patient_no, drug_group
    having count(distinct ingredient) >= 2
    union all
    select patient_no, drug_group, ingredient
    from recent
    group by patient_no, drug_group, ingredient
    having count(distinct prescriber_npi) >= 2
),

day as (
    select
        recent.patient_no,
        recent.drug_group,
        candidate.ingredient as one_ingredient,
        recent.ingredient,
        recent.prescriber_npi,
        recent.as_of,
        unnest(range(recent.dispensed_on::timestamp, least(recent.dispensed_on + recent.days_supply, recent.as_of + 1)::timestamp, interval 1 day))::date as on_day
    from recent
    inner join candidate
        on recent.patient_no = candidate.patient_no
        and recent.drug_group = candidate.drug_group
        and (candidate.ingredient is null or recent.ingredient = candidate.ingredient)
),

twofold as (
    select patient_no, drug_group, one_ingredient, on_day, any_value(as_of) as as_of, list(distinct ingredient) as ingredients
    from day
    group by patient_no, drug_group, one_ingredient, on_day
    having (one_ingredient is null and count(distinct ingredient) >= 2) or (one_ingredient is not null and count(distinct prescriber_npi) >= 2)
),

found as (
    select
        patient_no,
        drug_group,
        one_ingredient,
        count(*) as days,
        min(on_day) as first_on,
        max(on_day) as last_on,
        list_sort(list_distinct(flatten(list(ingredients)))) as ingredients
    from twofold
    group by patient_no, drug_group, one_ingredient
    having count(*) >= 30 and max(on_day) >= any_value(as_of) - 30
),

documented as (
    select found.patient_no, found.drug_group, found.one_ingredient, max(recommended.identified_on) as identified_on, arg_max(recommended.recommendation_id, recommended.identified_on) as recommendation_id
    from found
    inner join recommended_ingredient as recommended on found.patient_no = recommended.patient_no
    where list_contains(found.ingredients, recommended.ingredient)
    group by found.patient_no, found.drug_group, found.one_ingredient
)

select
    person.patient_id,
    'duplication' as list,
    case
        when found.one_ingredient is null then 'Two of one class: ' || replace(replace(found.drug_group, 'class_', ''), '_', ' ') || ', ' || found.days || ' days'
        else found.one_ingredient || ' from two prescribers, ' || found.days || ' days'
    end as reason,
    array_to_string(found.ingredients, ', ') || '; together from ' || strftime(found.first_on, '%-d %b') || ' to ' || strftime(found.last_on, '%-d %b')
        || coalesce('; recommendation ' || documented.recommendation_id || ' of ' || strftime(documented.identified_on, '%-d %b %Y'), '') as evidence,
    row_number() over (order by documented.patient_no is not null, found.days desc, found.drug_group, found.one_ingredient, person.patient_id)::integer as priority,
    null::date as due_on,
    null::varchar as measure,
    person.pharmacy_npi,
    case when documented.patient_no is null then 'new' else 'documented' end as state,
    documented.recommendation_id as documented_by,
    coalesce(found.one_ingredient, found.drug_group) as subject,
    found.first_on as since_on,
    person.patient_no
from found
inner join listable_patient as person on found.patient_no = person.patient_no
left join documented
    on found.patient_no = documented.patient_no
    and found.drug_group = documented.drug_group
    and found.one_ingredient is not distinct from documented.one_ingredient
