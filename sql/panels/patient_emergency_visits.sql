-- One row for each emergency visit of one patient; those with led_to_stay are part of a stay.
-- Rows: patients
-- Index day: index_day
-- $patient_no integer: the patient
-- $year integer: measurement year whose index day numbers the days
with index_day as (
    select min(index_date) as index_day
    from adherence_fact
    where patient_no = $patient_no and year = $year
),

event as (
    select visit_no, arg_min(tier, tier_order) as tier
    from drug_event
    where patient_no = $patient_no and visit_no is not null
    group by visit_no
)

select
    visit.visit_id,
    visit.visited_on,
    visit.facility_npi,
    visit.principal_diagnosis,
    visit.stay_no is not null as led_to_stay,
    event.tier as adverse_drug_event,
    visit.paid_amount,
    visit.claims,
    index_day.index_day
from ed_visit_fact as visit
cross join index_day
left join event on visit.visit_no = event.visit_no
where visit.patient_no = $patient_no
order by visit.visited_on
