-- Title: Medicine that harmed, still filled
-- Topic: Hospital
-- Needs: pharmacy_claim, medical_claim
-- Why: A medicine that brought somebody to hospital and is filled again may do so again.
-- Rule: A hospital stay or emergency visit in the 365 days to the as-of day whose diagnoses name harm by a medicine (definite), a medicine of that kind on hand in the
--   seven days before, and the same ingredient filled after the patient came home. The latest first.
-- Action: Ask the prescriber whether the medicine is meant to go on, at which dose and with which checks.
-- Source: ICD-10-CM T36 to T50 and drug-named diagnoses; which ingredients a code can mean is this program's own, from memory.
-- Limits: A code names a class, not a product: the medicine on hand need not be the one that harmed. It may have been started again on purpose.
with event as (
    select
        drug_event.patient_no,
        drug_event.on_day,
        coalesce(stay.discharged_on, drug_event.on_day) as home_on,
        coalesce(stay.stay_id, visit.visit_id) as event_id,
        drug_event.codes,
        unnest(drug_event.ingredients) as ingredient
    from drug_event
    inner join run on drug_event.on_day between run.as_of - 364 and run.as_of
    left join stay_fact as stay on drug_event.stay_no = stay.stay_no
    left join ed_visit_fact as visit on drug_event.visit_no = visit.visit_no
    where drug_event.tier = 'definite' and len(drug_event.ingredients) > 0
),

drug_fill as (
    select fill.patient_no, fill.dispensed_on, fill.claim_id, unnest(drug.ingredients) as ingredient
    from fill
    semi join event on fill.patient_no = event.patient_no
    inner join drug on fill.ndc_code = drug.ndc_code
),

filled as (
    select
        event.patient_no,
        event.ingredient,
        arg_max(event.event_id, (event.on_day, event.event_id)) as event_id,
        arg_max(event.codes, (event.on_day, event.event_id)) as codes,
        max(event.on_day) as on_day,
        max(drug_fill.dispensed_on) as filled_on,
        arg_max(drug_fill.claim_id, (drug_fill.dispensed_on, drug_fill.claim_id)) as claim_id
    from event
    inner join drug_fill
        on event.patient_no = drug_fill.patient_no
        and event.ingredient = drug_fill.ingredient
        and drug_fill.dispensed_on > event.home_on
    group by event.patient_no, event.ingredient
)

select
    person.patient_id,
    'harmful_drug_still_filled' as list,
    'Harm by a medicine ' || strftime(max(filled.on_day), '%-d %b %Y') || '; filled since: ' || string_agg(filled.ingredient, ', ' order by filled.ingredient) as reason,
    string_agg(
        filled.ingredient || ' ' || strftime(filled.filled_on, '%-d %b %Y') || ', claim ' || filled.claim_id || ', after ' || filled.event_id || ' (' || array_to_string(filled.codes, ' ') || ')',
        '; ' order by filled.ingredient
    ) as evidence,
    row_number() over (order by max(filled.on_day) desc, person.patient_id)::integer as priority,
    null::date as due_on,
    null::varchar as measure,
    person.pharmacy_npi,
    'new' as state,
    max(filled.filled_on) as since_on,
    person.patient_no
from filled
inner join listable_patient as person on filled.patient_no = person.patient_no
group by person.patient_no, person.patient_id, person.pharmacy_npi
