-- One row for each admission that good care outside may avoid, by AHRQ's Prevention Quality Indicators v2024, and its indicator: acute admissions of people 18 or
-- older, coded in ICD-10, not transferred in (point of origin 4, 5 or 6), by principal diagnosis; 05 from 40 years, 15 under 40; 16 is a lower-limb
-- amputation with diabetes. Left out where AHRQ says: cystic fibrosis and anomalies of the airways (05, 15), heart procedures (07, 08), kidney disease with
-- dialysis access (07), sickle cell or immunocompromised (11), anomalies of the kidney or immunocompromised (12), traumatic amputation (16).
with admission as (
    select
        stay.stay_no,
        stay.patient_no,
        stay.principal_sets as principal,
        stay.age,
        stay_code.diagnosis_sets as diagnosed,
        stay_code.procedure_sets as done
    from stay_fact as stay
    inner join stay_code on stay.stay_no = stay_code.stay_no
    where stay.kind = 'acute'
        and stay.is_admission
        and not stay.is_icd_9
        and stay.age >= 18
        and coalesce(stay.admit_source not in ('4', '5', '6'), true)
),

judged as (
    select
        stay_no,
        patient_no,
        case
            when list_contains(principal, 'pqi_01') then '01'
            when list_contains(principal, 'pqi_03') then '03'
            when list_contains(principal, 'pqi_14') then '14'
            when list_contains(principal, 'pqi_copd') or list_contains(principal, 'pqi_asthma')
                then case
                    when list_contains(diagnosed, 'respiratory_anomaly') then null
                    when age >= 40 then '05'
                    when list_contains(principal, 'pqi_asthma') then '15'
                end
            when list_contains(principal, 'pqi_07')
                and not list_contains(done, 'cardiac_procedure')
                and not (list_contains(diagnosed, 'kidney_disease') and list_contains(done, 'dialysis_access'))
                then '07'
            when list_contains(principal, 'pqi_08') and not list_contains(done, 'cardiac_procedure') then '08'
            when list_contains(principal, 'pqi_11') and not list_has_any(diagnosed, ['sickle_cell', 'immunocompromised']) and not list_contains(done, 'immunocompromised') then '11'
            when list_contains(principal, 'pqi_12') and not list_has_any(diagnosed, ['kidney_anomaly', 'immunocompromised']) and not list_contains(done, 'immunocompromised') then '12'
        end as by_diagnosis,
        list_contains(diagnosed, 'diabetes') and list_contains(done, 'amputation') and not list_contains(diagnosed, 'traumatic_amputation') as is_amputation
    from admission
)

select
    stay_no,
    patient_no,
    coalesce(by_diagnosis, '16') as pqi,
    is_amputation,
    coalesce(by_diagnosis, '16') in ('01', '05', '07', '08', '14', '15') as is_medication_sensitive
from judged
where by_diagnosis is not null or is_amputation
order by stay_no
