-- Title: Hospital after underdosing
-- Topic: Hospital
-- Needs: medical_claim
-- Why: The hospital itself wrote that a medicine was not taken as it should be: the plainest sign that adherence failed, and often why (cost, belief, forgetting).
-- Rule: A hospital stay or emergency visit in the 90 days to the as-of day with a diagnosis of underdosing. The latest first.
-- Action: Ask which medicine and why; Z91.120 and T36 to T50 with 6 tell cost, other reasons and the medicine's kind.
-- Source: ICD-10-CM T36 to T50 (sixth character 6), Z91.12 to Z91.14, Y63.6, Y63.8, Y63.9
-- Limits: Seldom coded: most such stays are not known.
with event as (
    select
        drug_event.patient_no,
        drug_event.on_day,
        coalesce(stay.discharged_on, drug_event.on_day) as home_on,
        coalesce(stay.stay_id, visit.visit_id) as event_id,
        drug_event.stay_no is not null as is_stay,
        drug_event.codes,
        row_number() over (partition by drug_event.patient_no order by drug_event.on_day desc, drug_event.stay_no nulls last, drug_event.visit_no) as turn
    from drug_event
    inner join run on drug_event.on_day between run.as_of - 89 and run.as_of
    left join stay_fact as stay on drug_event.stay_no = stay.stay_no
    left join ed_visit_fact as visit on drug_event.visit_no = visit.visit_no
    where drug_event.tier = 'underdosing'
)

select
    person.patient_id,
    'underdosing_stay' as list,
    case when event.is_stay then 'In hospital ' else 'Emergency visit ' end || strftime(event.on_day, '%-d %b')
        || ': a medicine not taken as it should be (' || array_to_string(event.codes, ' ') || ')' as reason,
    event.event_id || ', ' || strftime(event.on_day, '%-d %b') || ' to ' || strftime(event.home_on, '%-d %b %Y') as evidence,
    row_number() over (order by event.on_day desc, person.patient_id)::integer as priority,
    (event.home_on + 30)::date as due_on,
    null::varchar as measure,
    person.pharmacy_npi,
    'new' as state,
    event.on_day as since_on,
    person.patient_no
from event
inner join listable_patient as person on event.patient_no = person.patient_no
where event.turn = 1
