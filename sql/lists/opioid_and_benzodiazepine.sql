-- Title: Opioid with benzodiazepine
-- Topic: MTM
-- Why: Together they slow breathing; deaths by overdose rise.
-- Rule: 18 or older on 1 January; in the as-of day's year opioid fills on two or more days with 15 days' supply or more, benzodiazepine fills on two or more
--   days, and 30 days or more on which both were on hand, as dispensed. Not listed: hospice, cancer, sickle cell disease, palliative care. Most such days first.
-- Action: Ask both prescribers whether one can be tapered; offer naloxone.
-- Source: PQA measure COB as CMS describes it; ingredients are general pharmacology, cancer by ICD-10-CM chapter
-- Limits: Enrolment is not tested. A day counts as on hand from the fill for its days' supply, whatever was taken.
with group_fill as (
    select fill.patient_no, listed.drug_group, listed.ingredient, fill.dispensed_on, fill.days_supply
    from fill
    inner join run on year(fill.dispensed_on) = year(run.as_of)
    inner join group_ndc as listed on fill.ndc_no = listed.ndc_no
    where listed.drug_group in ('opioid', 'benzodiazepine')
),

candidate as (
    select patient_no
    from group_fill
    group by patient_no
    having count(distinct dispensed_on) filter (where drug_group = 'opioid') >= 2
        and sum(days_supply) filter (where drug_group = 'opioid') >= 15
        and count(distinct dispensed_on) filter (where drug_group = 'benzodiazepine') >= 2
),

day as (
    select
        fill.patient_no,
        fill.drug_group,
        fill.ingredient,
        unnest(range(fill.dispensed_on::timestamp, least(fill.dispensed_on + fill.days_supply, run.as_of + 1)::timestamp, interval 1 day))::date as on_day
    from group_fill as fill
    semi join candidate on fill.patient_no = candidate.patient_no
    cross join run
),

together as (
    select patient_no, on_day, list(distinct ingredient) as ingredients
    from day
    group by patient_no, on_day
    having count(distinct drug_group) = 2
),

overlap as (
    select patient_no, count(*) as days, min(on_day) as first_on, max(on_day) as last_on, list_sort(list_distinct(flatten(list(ingredients)))) as ingredients
    from together
    group by patient_no
    having count(*) >= 30
),

documented as (
    select overlap.patient_no, max(recommended.identified_on) as identified_on, arg_max(recommended.recommendation_id, (recommended.identified_on, recommended.recommendation_id)) as recommendation_id
    from overlap
    inner join recommended_ingredient as recommended on overlap.patient_no = recommended.patient_no
    where recommended.list = 'opioid_and_benzodiazepine' and list_contains(overlap.ingredients, recommended.ingredient)
    group by overlap.patient_no
)

select
    person.patient_id,
    'opioid_and_benzodiazepine' as list,
    'Opioid and benzodiazepine together on ' || overlap.days || ' days this year' as reason,
    array_to_string(overlap.ingredients, ', ') || '; last day with both ' || strftime(overlap.last_on, '%-d %b')
        || coalesce('; recommendation ' || documented.recommendation_id || ' of ' || strftime(documented.identified_on, '%-d %b %Y'), '') as evidence,
    row_number() over (order by documented.patient_no is not null, overlap.days desc, person.patient_id)::integer as priority,
    null::date as due_on,
    null::varchar as measure,
    person.pharmacy_npi,
    case when documented.patient_no is null then 'new' else 'documented' end as state,
    documented.recommendation_id as documented_by,
    overlap.first_on as since_on,
    person.patient_no
from overlap
inner join listable_patient as person on overlap.patient_no = person.patient_no
anti join (select patient_no from listed_exclusion where list = 'opioid_and_benzodiazepine') as excluded on overlap.patient_no = excluded.patient_no
left join documented on overlap.patient_no = documented.patient_no
where person.age >= 18 and not person.has_hospice
