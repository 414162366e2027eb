-- One row for each stay in a hospital, swing bed or skilled nursing facility, merged from its final claims. avoidable is the AHRQ PQI number; it, planned and
-- adverse_drug_event are null where the codes (ICD-9) do not tell, the last two also when there is none. Not risk-adjusted.
with event as (
    select stay_no, arg_min(tier, tier_order) as tier
    from drug_event
    where stay_no is not null
    group by stay_no
)

select
    stay.stay_id,
    patient.patient_id,
    stay.admitted_on,
    stay.discharged_on,
    stay.length_of_stay,
    stay.facility_npi,
    stay.kind,
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
    stay.is_admission,
    stay.bed_days
from stay_fact as stay
inner join patient on stay.patient_no = patient.patient_no
left join readmission on stay.stay_no = readmission.stay_no
left join stay_fact as again on readmission.readmission_stay_no = again.stay_no
left join avoidable_stay on stay.stay_no = avoidable_stay.stay_no
left join event on stay.stay_no = event.stay_no
