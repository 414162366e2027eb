-- One row for each visit to an emergency department, merged from its final claims; those with led_to_stay are part of a stay. avoidable is the AHRQ PQI
-- whose diagnoses the principal diagnosis is one of (adults, ICD-10, without the exclusions that only a stay's codes can tell).
select
    visit.visit_id,
    patient.patient_id,
    visit.visited_on,
    visit.facility_npi,
    visit.principal_diagnosis,
    visit.stay_no is not null as led_to_stay,
    case
        when visit.age is null or visit.age < 18 or visit.is_icd_9 then null
        when list_contains(visit.principal_sets, 'pqi_01') then '01'
        when list_contains(visit.principal_sets, 'pqi_03') then '03'
        when list_contains(visit.principal_sets, 'pqi_14') then '14'
        when list_has_any(visit.principal_sets, ['pqi_copd', 'pqi_asthma']) and visit.age >= 40 then '05'
        when list_contains(visit.principal_sets, 'pqi_asthma') then '15'
        when list_contains(visit.principal_sets, 'pqi_07') then '07'
        when list_contains(visit.principal_sets, 'pqi_08') then '08'
        when list_contains(visit.principal_sets, 'pqi_11') then '11'
        when list_contains(visit.principal_sets, 'pqi_12') then '12'
    end as avoidable,
    visit.paid_amount
from ed_visit_fact as visit
inner join patient on visit.patient_no = patient.patient_no
