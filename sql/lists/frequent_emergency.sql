-- Title: Frequent emergency visits
-- Topic: Hospital
-- Needs: medical_claim
-- Why: Repeated emergency visits often have a cause that can be treated outside: pain, breath, sugar, anxiety, medicines.
-- Rule: Three or more emergency visits in the 180 days to the as-of day that did not lead to a stay, the last in the last 60 days. Most visits first, then the latest.
-- Action: Ask what the visits were for and what was prescribed; look for a medicine that fails or harms.
-- Source: This program's own.
-- Limits: Claims arrive late. Diagnoses are those of the bill.
with often as (
    select
        visit.patient_no,
        count(*) as visits,
        max(visit.visited_on) as last_on,
        list(struct_pack(visited_on := visit.visited_on, diagnosis := visit.principal_diagnosis, visit_id := visit.visit_id) order by visit.visited_on desc) as each_visit
    from ed_visit_fact as visit
    inner join run on visit.visited_on between run.as_of - 179 and run.as_of
    where visit.stay_no is null
    group by visit.patient_no
)

select
    person.patient_id,
    'frequent_emergency' as list,
    often.visits || ' emergency visits in 180 days, the last ' || strftime(often.last_on, '%-d %b') as reason,
    array_to_string(list_transform(
        often.each_visit, lambda each: strftime(each.visited_on, '%-d %b') || coalesce(' ' || each.diagnosis, '') || ', ' || each.visit_id
    ), '; ') as evidence,
    row_number() over (order by often.visits desc, often.last_on desc, person.patient_id)::integer as priority,
    null::date as due_on,
    null::varchar as measure,
    person.pharmacy_npi,
    'new' as state,
    often.last_on as since_on,
    person.patient_no
from often
cross join run
inner join listable_patient as person on often.patient_no = person.patient_no
where often.visits >= 3 and often.last_on > run.as_of - 60
