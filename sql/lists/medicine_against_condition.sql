-- Title: Medicine against a condition
-- Topic: MTM
-- Needs: pharmacy_claim, medical_claim
-- Why: Some medicines make a condition worse.
-- Rule: A listed medicine on hand on the as-of day, and the condition it harms current in medical claims. The more severe first, then the latest.
-- Action: Ask the prescriber for another.
-- Source: data/reference/drug_condition.csv, each row with its source; conditions by the Chronic Conditions Warehouse
-- Limits: Needs medical claims. Stage and severity of the condition are not known.
with member as (
    select drug_group as name, ingredient, true as is_group from drug_group
    union all
    select distinct ingredient, ingredient, false from medication_fact
),

found as (
    select distinct
        medication.patient_no,
        medication.ingredient,
        medication.first_fill_on,
        medication.runs_out_on,
        condition.condition,
        condition.last_on,
        rule.title,
        listed.severity,
        listed.meaning
    from drug_condition as listed
    inner join member on listed.drug = member.name and listed.is_group = member.is_group
    inner join medication_fact as medication on member.ingredient = medication.ingredient
    inner join condition_fact as condition
        on medication.patient_no = condition.patient_no and listed.condition = condition.condition and condition.is_current
    inner join chronic_condition as rule on condition.condition = rule.condition
)

select
    person.patient_id,
    'medicine_against_condition' as list,
    found.ingredient || ' with ' || found.title || ': ' || found.meaning as reason,
    'On hand until ' || strftime(found.runs_out_on, '%-d %b') || '; diagnosis last on ' || strftime(found.last_on, '%-d %b %Y') || '; severity ' || found.severity
        || coalesce('; recommendation ' || documented.recommendation_id || ' of ' || strftime(documented.identified_on, '%-d %b %Y'), '') as evidence,
    row_number() over (order by documented.patient_no is not null, found.severity <> 'high', found.first_fill_on desc, found.ingredient, found.condition, person.patient_id)::integer as priority,
    null::date as due_on,
    null::varchar as measure,
    person.pharmacy_npi,
    case when documented.patient_no is null then 'new' else 'documented' end as state,
    documented.recommendation_id as documented_by,
    found.ingredient || ' with ' || found.title as subject,
    found.first_fill_on as since_on,
    person.patient_no
from found
inner join listable_patient as person on found.patient_no = person.patient_no
left join recommended_ingredient as documented
    on found.patient_no = documented.patient_no and found.ingredient = documented.ingredient and documented.list = 'medicine_against_condition'
