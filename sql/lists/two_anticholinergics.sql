-- Title: Two or more anticholinergics at 65 and over
-- Topic: MTM
-- Why: Together they bring confusion, falls and constipation.
-- Rule: 65 or older on 1 January; in the as-of day's year two or more different anticholinergic ingredients, each filled on two or more days, and 30 days or more
--   on which two of them were on hand, as dispensed. Diphenhydramine counts by mouth only, doxepin above 6 mg. Not listed: hospice. Most such days first.
-- Action: Ask the prescriber for a safer choice for one of them.
-- Source: PQA measure Poly-ACH as CMS describes it; ingredients after the Beers criteria
-- Limits: Enrolment is not tested. Those bought without a prescription are not seen.
with product as (
    select listed.ndc_no, listed.ingredient
    from group_ndc as listed
    inner join ndc_text on listed.ndc_no = ndc_text.ndc_no
    inner join drug on ndc_text.ndc_code = drug.ndc_code
    left join drug_strength as strength on ndc_text.ndc_code = strength.ndc_code
    where listed.drug_group = 'anticholinergic'
        and (listed.ingredient <> 'diphenhydramine' or drug.route is null or contains(drug.route, 'oral'))
        and (listed.ingredient <> 'doxepin' or strength.unit is distinct from 'mg' or strength.amount > 6)
),

repeated as (
    select fill.patient_no, listed.ingredient
    from fill
    inner join run on year(fill.dispensed_on) = year(run.as_of)
    inner join product as listed on fill.ndc_no = listed.ndc_no
    group by fill.patient_no, listed.ingredient
    having count(distinct fill.dispensed_on) >= 2
),

candidate as (
    select patient_no
    from repeated
    group by patient_no
    having count(*) >= 2
),

day as (
    select
        fill.patient_no,
        listed.ingredient,
        unnest(range(fill.dispensed_on::timestamp, least(fill.dispensed_on + fill.days_supply, run.as_of + 1)::timestamp, interval 1 day))::date as on_day
    from fill
    inner join run on year(fill.dispensed_on) = year(run.as_of)
    inner join product as listed on fill.ndc_no = listed.ndc_no
    semi join repeated on fill.patient_no = repeated.patient_no and listed.ingredient = repeated.ingredient
    semi join candidate on fill.patient_no = candidate.patient_no
),

together as (
    select patient_no, on_day, list(distinct ingredient) as ingredients
    from day
    group by patient_no, on_day
    having count(distinct ingredient) >= 2
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
    where recommended.list = 'two_anticholinergics' and list_contains(overlap.ingredients, recommended.ingredient)
    group by overlap.patient_no
)

select
    person.patient_id,
    'two_anticholinergics' as list,
    len(overlap.ingredients) || ' anticholinergics together on ' || overlap.days || ' days this year' as reason,
    array_to_string(overlap.ingredients, ', ') || '; last day with two ' || strftime(overlap.last_on, '%-d %b')
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
left join documented on overlap.patient_no = documented.patient_no
where person.age >= 65 and not person.has_hospice
