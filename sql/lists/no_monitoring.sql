-- Title: No test while on a medicine that needs one
-- Topic: MTM
-- Needs: pharmacy_claim, medical_claim or lab_result
-- Why: These medicines are safe only when their effect is measured.
-- Rule: A listed medicine on hand on the as-of day and first filled as long ago as its test may be apart, the patient with medical coverage all that time, and no
--   listed laboratory result or procedure in it. The longest on the medicine first.
-- Action: Ask the prescriber for the test or its result.
-- Source: data/reference/monitored_drug.csv and verification_code.csv, not checked against a published list
-- Limits: Tests in hospital and those without a claim are not seen. Where no medical data are loaded nobody is listed.
with monitored_ndc as (
    select ndc_text.ndc_no, listed.ingredient, listed.within_days
    from (select ndc_code, unnest(ingredients) as ingredient from drug where ndc_match <> 'none') as product
    inner join ndc_text on product.ndc_code = ndc_text.ndc_code
    inner join monitored_drug as listed on product.ingredient = listed.ingredient
),

-- A fill in the year up to the day so long ago: of a yearly test the fills of the last year alone do not tell it.
filled_before as (
    select distinct fill.patient_no, listed.ingredient
    from fill
    inner join monitored_ndc as listed on fill.ndc_no = listed.ndc_no
    inner join run
        on fill.dispensed_on <= run.as_of - listed.within_days
        and fill.dispensed_on > run.as_of - listed.within_days - 365
),

watched as (
    select medication.patient_no, medication.ingredient, medication.first_fill_on, medication.runs_out_on, listed.within_days, listed.test, run.as_of
    from medication_fact as medication
    cross join run
    inner join monitored_drug as listed on medication.ingredient = listed.ingredient
    inner join enrollment_span as covered
        on medication.patient_no = covered.patient_no
        and covered.coverage = 'medical'
        and covered.from_on <= run.as_of - listed.within_days
        and covered.to_on >= run.as_of
    semi join filled_before on medication.patient_no = filled_before.patient_no and medication.ingredient = filled_before.ingredient
),

tested as (
    select watched.patient_no, watched.ingredient
    from watched
    inner join verification_code as code
        on code.shown_by = 'monitoring' and watched.ingredient = code.ingredient and code.code_system = 'hcpcs'
    inner join final_medical_line as line
        on watched.patient_no = line.patient_no and line.hcpcs_code = code.code and line.ends_on > watched.as_of - watched.within_days
    union
    select watched.patient_no, watched.ingredient
    from watched
    inner join person on watched.patient_no = person.patient_no
    inner join verification_code as code
        on code.shown_by = 'monitoring' and watched.ingredient = code.ingredient and code.code_system = 'loinc'
    inner join lab_result as lab
        on person.patient_id = lab.person_id
        and lab.normalized_component_code = code.code
        and lab.collection_datetime::date > watched.as_of - watched.within_days
        and lab.collection_datetime::date <= watched.as_of
),

has_medical as (
    select (select count(*) from (from final_medical_line limit 1)) + (select count(*) from (from lab_result limit 1)) > 0 as is_known
)

select
    person.patient_id,
    'no_monitoring' as list,
    watched.ingredient || ' without ' || watched.test || ' in ' || watched.within_days || ' days' as reason,
    'On hand until ' || strftime(watched.runs_out_on, '%-d %b') || '; first fill of the year ' || strftime(watched.first_fill_on, '%-d %b %Y')
        || coalesce('; recommendation ' || documented.recommendation_id || ' of ' || strftime(documented.identified_on, '%-d %b %Y'), '') as evidence,
    row_number() over (order by documented.patient_no is not null, watched.first_fill_on, watched.ingredient, person.patient_id)::integer as priority,
    null::date as due_on,
    null::varchar as measure,
    person.pharmacy_npi,
    case when documented.patient_no is null then 'new' else 'documented' end as state,
    documented.recommendation_id as documented_by,
    watched.ingredient as subject,
    watched.first_fill_on as since_on,
    person.patient_no
from watched
inner join listable_patient as person on watched.patient_no = person.patient_no
inner join has_medical on has_medical.is_known
anti join tested on watched.patient_no = tested.patient_no and watched.ingredient = tested.ingredient
left join recommended_ingredient as documented
    on watched.patient_no = documented.patient_no and watched.ingredient = documented.ingredient and documented.list = 'no_monitoring'
