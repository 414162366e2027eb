-- Title: Two of the same kind
-- Topic: MTM
-- Why: Two medicines of one class, or one medicine from two prescribers, are rarely meant.
-- Rule: In the 180 days up to the as-of day, 30 days or more on which two different ingredients of one class were on hand, or one ingredient from two
--   prescribers, as dispensed; the last such day no more than 30 days ago. Most such days first.
-- Action: Ask which one is to go on, and have the other stopped.
-- Source: This program's own; the classes are those of data/reference/drug_group.csv
-- Limits: A change of medicine with supply left over may look like it; thirty days keep most of that out.
with recent as (
    select
        fill.patient_no,
        listed.drug_group,
        listed.ingredient,
        fill.prescriber_npi,
        greatest(fill.dispensed_on, run.as_of - 179) as from_on,
        least(fill.dispensed_on + fill.days_supply - 1, run.as_of) as to_on
    from fill
    -- Days of supply are 366 at most.
    inner join run on fill.dispensed_on > run.as_of - 180 - 366 and fill.dispensed_on + fill.days_supply > run.as_of - 179
    inner join group_ndc as listed on fill.ndc_no = listed.ndc_no
    where listed.drug_group like 'class_%'
),

candidate as (
    select patient_no, drug_group, null::varchar as one_ingredient
    from recent
    group by patient_no, drug_group
    having count(distinct ingredient) >= 2
    union all
    select patient_no, drug_group, ingredient
    from recent
    group by patient_no, drug_group, ingredient
    having count(distinct prescriber_npi) >= 2
),

-- The two of the rule: two ingredients of the class, or two prescribers of the one ingredient.
dispensed as (
    select
        candidate.patient_no,
        candidate.drug_group,
        candidate.one_ingredient,
        case when candidate.one_ingredient is null then recent.ingredient else recent.prescriber_npi end as part,
        recent.from_on,
        recent.to_on,
        max(recent.to_on) over earlier as earlier_to_on
    from recent
    inner join candidate
        on recent.patient_no = candidate.patient_no
        and recent.drug_group = candidate.drug_group
        and (candidate.one_ingredient is null or recent.ingredient = candidate.one_ingredient)
    where candidate.one_ingredient is null or recent.prescriber_npi is not null
    window earlier as (
        partition by candidate.patient_no, candidate.drug_group, candidate.one_ingredient, part
        order by recent.from_on
        rows between unbounded preceding and 1 preceding
    )
),

-- How many of the two are on hand changes by one on the first day of a supply that reaches beyond the earlier ones, and the day after it.
change as (
    select patient_no, drug_group, one_ingredient, unnest([greatest(from_on, coalesce(earlier_to_on + 1, from_on)), to_on + 1]) as on_day, unnest([1, -1]) as step
    from dispensed
    where earlier_to_on is null or to_on > earlier_to_on
),

stretch as (
    select
        patient_no,
        drug_group,
        one_ingredient,
        on_day as from_on,
        lead(on_day) over in_time - 1 as to_on,
        sum(sum(step)) over in_time as parts
    from change
    group by patient_no, drug_group, one_ingredient, on_day
    window in_time as (partition by patient_no, drug_group, one_ingredient order by on_day)
),

twofold as (
    select patient_no, drug_group, one_ingredient, from_on, to_on
    from stretch
    where parts >= 2
),

counted as (
    select patient_no, drug_group, one_ingredient, sum(to_on - from_on + 1) as days, min(from_on) as first_on, max(to_on) as last_on
    from twofold
    group by patient_no, drug_group, one_ingredient
    having sum(to_on - from_on + 1) >= 30 and max(to_on) >= (select as_of from run) - 30
),

found as (
    select counted.*, list_sort(list(distinct recent.ingredient)) as ingredients
    from counted
    inner join twofold
        on counted.patient_no = twofold.patient_no
        and counted.drug_group = twofold.drug_group
        and counted.one_ingredient is not distinct from twofold.one_ingredient
    inner join recent
        on counted.patient_no = recent.patient_no
        and counted.drug_group = recent.drug_group
        and (counted.one_ingredient is null or counted.one_ingredient = recent.ingredient)
        and recent.from_on <= twofold.to_on
        and recent.to_on >= twofold.from_on
    group by all
),

documented as (
    select found.patient_no, found.drug_group, found.one_ingredient, max(recommended.identified_on) as identified_on, arg_max(recommended.recommendation_id, (recommended.identified_on, recommended.recommendation_id)) as recommendation_id
    from found
    inner join recommended_ingredient as recommended on found.patient_no = recommended.patient_no
    where recommended.list = 'duplication' and list_contains(found.ingredients, recommended.ingredient)
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
