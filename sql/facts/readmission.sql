-- One row for each stay: whether it is an index stay for readmission within 30 days, else the first reason why not; whether the stay was planned; and the first
-- admission after it within 30 days. Sources: CMS hospital-wide readmission measure (cohorts, exclusions, planned readmission algorithm 4.0), with the
-- exclusions of HEDIS PCR as CMS's 2026 technical notes tell them (pregnancy, perinatal, hospice). Ages from 18.
-- The next admission counts when it was not planned; what comes after a planned one does not count. planned is null when it cannot be known: no diagnosis
-- group, or procedures in ICD-9 without an acute diagnosis. plan, contract and pharmacy are those of the month of discharge (covered_year).
with procedure_said as (
    select
        stay_no,
        case when is_icd_9_procedure then 'icd-9-pcs' else 'icd-10-pcs' end as code_system,
        unnest(procedures) as code
    from stay_fact
),

procedure_set as (
    select
        said.stay_no,
        bool_or(list_contains(code_group.code_sets, 'always_planned')) as has_always_planned,
        bool_or(list_contains(code_group.code_sets, 'potentially_planned')) as has_potentially_planned,
        bool_or(list_contains(code_group.code_sets, 'cohort_surgery')) as has_surgery
    from procedure_said as said
    inner join code_group on said.code_system = code_group.code_system and said.code = code_group.code
    group by said.stay_no
),

judged as (
    select
        stay.stay_no,
        stay.patient_no,
        stay.episode_no,
        stay.kind,
        stay.is_admission,
        stay.is_last,
        stay.is_open,
        stay.admitted_on,
        stay.discharged_on,
        stay.age,
        stay.discharge_disposition,
        stay.principal_sets,
        stay.ccs,
        coalesce(done.has_surgery, false) as has_surgery,
        case
            when list_contains(stay.principal_sets, 'always_planned') or coalesce(done.has_always_planned, false) then true
            when stay.principal_diagnosis is null then null
            when list_contains(stay.principal_sets, 'acute') then false
            when coalesce(done.has_potentially_planned, false) then case when stay.ccs is null then null else true end
            when stay.is_icd_9_procedure and len(stay.procedures) > 0 then null
            else false
        end as planned
    from stay_fact as stay
    left join procedure_set as done on stay.stay_no = done.stay_no
),

admission as (
    select
        stay_no,
        episode_no,
        lead(struct_pack(stay_no := stay_no, admitted_on := admitted_on, planned := planned)) over (
            partition by patient_no
            order by admitted_on, stay_no
        ) as next
    from judged
    where kind = 'acute' and is_admission
),

last_discharge as (
    select max(discharged_on) as on_day from stay_fact where kind = 'acute'
),

followed as (
    select
        judged.*,
        case when judged.is_last and admission.next.admitted_on between judged.discharged_on and judged.discharged_on + 30 then admission.next end as next
    from judged
    left join admission on judged.episode_no = admission.episode_no
),

reasoned as (
    select
        followed.*,
        case
            when followed.kind <> 'acute' then 'not_acute'
            when not followed.is_last then 'transferred'
            when followed.is_open then 'still_patient'
            when followed.discharge_disposition in ('20', '40', '41', '42') or patient.death_date <= followed.discharged_on then 'died'
            when followed.discharge_disposition = '07' then 'left_against_advice'
            when followed.age is null then 'age_not_known'
            when followed.age < 18 then 'under_18'
            when covered.patient_no is null then 'not_covered_30_days'
            when exclusion.has_hospice then 'hospice'
            when list_contains(followed.principal_sets, 'pregnancy') then 'pregnancy'
            when list_contains(followed.principal_sets, 'perinatal') then 'perinatal'
            when followed.ccs is null then 'no_diagnosis_group'
            when list_contains(followed.principal_sets, 'cancer_treatment') and not followed.has_surgery then 'cancer_treatment'
            when list_contains(followed.principal_sets, 'rehabilitation_care') then 'rehabilitation'
            when list_contains(followed.principal_sets, 'psychiatric_care') then 'psychiatric'
            when not followed.has_surgery
                and not list_has_any(
                    followed.principal_sets, ['cohort_medicine', 'cohort_cardiorespiratory', 'cohort_cardiovascular', 'cohort_neurology']
                )
                then 'no_cohort'
            when followed.discharged_on > last_discharge.on_day - 30 then 'too_recent'
            when followed.next is not null and followed.next.planned is null then 'planned_not_known'
        end as excluded_because
    from followed
    cross join last_discharge
    inner join patient on followed.patient_no = patient.patient_no
    left join exclusion_year as exclusion
        on followed.patient_no = exclusion.patient_no and year(followed.discharged_on) = exclusion.year
    left join enrollment_span as covered
        on followed.patient_no = covered.patient_no
        and covered.coverage = 'medical'
        and covered.from_on <= followed.discharged_on
        and covered.to_on >= least(followed.discharged_on + 30, coalesce(patient.death_date, date '9999-12-31'))
),

insured as (
    select judged.stay_no, covered.plan, covered.contract_id, covered.pharmacy_npi
    from judged
    inner join covered_year as covered
        on judged.patient_no = covered.patient_no
        and year(judged.discharged_on) = covered.year
    where (covered.months >> (month(judged.discharged_on) - 1)) & 1 = 1
)

select
    reasoned.stay_no,
    reasoned.patient_no,
    excluded_because is null as is_index,
    excluded_because,
    case
        when has_surgery then 'surgery'
        when list_contains(principal_sets, 'cohort_cardiorespiratory') then 'cardiorespiratory'
        when list_contains(principal_sets, 'cohort_cardiovascular') then 'cardiovascular'
        when list_contains(principal_sets, 'cohort_neurology') then 'neurology'
        when list_contains(principal_sets, 'cohort_medicine') then 'medicine'
    end as cohort,
    planned,
    case when excluded_because is null then coalesce(not next.planned, false) end as readmitted_within_30_days,
    case when excluded_because is null and not next.planned then next.stay_no end as readmission_stay_no,
    case when excluded_because is null and next.planned then next.stay_no end as planned_readmission_stay_no,
    insured.plan,
    insured.contract_id,
    insured.pharmacy_npi
from reasoned
left join insured on reasoned.stay_no = insured.stay_no
order by reasoned.stay_no
