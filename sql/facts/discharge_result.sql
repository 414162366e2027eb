-- One row for each discharge and each measure that counts discharges: whether it stands above the line too. plan, contract and pharmacy are those of the month of discharge.
select
    'readmission_30_days' as measure,
    readmission.stay_no,
    readmission.patient_no,
    stay.discharged_on,
    readmission.readmitted_within_30_days as is_counted,
    readmission.readmission_stay_no as again_stay_no,
    null::integer as again_visit_no,
    null::varchar[] as not_on_hand,
    readmission.plan,
    readmission.contract_id,
    readmission.pharmacy_npi
from readmission
inner join stay_fact as stay on readmission.stay_no = stay.stay_no
where readmission.is_index
union all
select 'discharge_without_fills', stay_no, patient_no, discharged_on, len(not_on_hand) > 0, null, null, not_on_hand, plan, contract_id, pharmacy_npi
from discharge_fill
where excluded_because is null
union all
select
    'hospital_after_no_fill',
    stay_no,
    patient_no,
    discharged_on,
    again_stay_no is not null or again_visit_no is not null,
    again_stay_no,
    again_visit_no,
    not_on_hand,
    plan,
    contract_id,
    pharmacy_npi
from discharge_fill
where excluded_because is null and len(not_on_hand) > 0
