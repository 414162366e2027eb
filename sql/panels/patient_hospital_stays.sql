-- One row for each stay of one patient in a hospital, swing bed or nursing facility: days, kind, what for, and whether it is an index stay for readmission.
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
    select stay_no, arg_min(tier, tier_order) as tier
    from drug_event
    where patient_no = $patient_no and stay_no is not null
    group by stay_no
)

select
    stay.stay_id,
    stay.admitted_on,
    stay.discharged_on,
    stay.length_of_stay,
    stay.kind,
    stay.is_admission,
    stay.facility_npi,
    stay.principal_diagnosis,
    stay.discharge_disposition,
    readmission.is_index,
    readmission.excluded_because,
    readmission.planned,
    readmission.readmitted_within_30_days,
    again.stay_id as readmission_stay_id,
    avoidable_stay.pqi as avoidable,
    event.tier as adverse_drug_event,
    stay.paid_amount,
    stay.claims,
    index_day.index_day
from stay_fact as stay
cross join index_day
left join readmission on stay.stay_no = readmission.stay_no
left join stay_fact as again on readmission.readmission_stay_no = again.stay_no
left join avoidable_stay on stay.stay_no = avoidable_stay.stay_no
left join event on stay.stay_no = event.stay_no
where stay.patient_no = $patient_no
order by stay.admitted_on, stay.discharged_on
