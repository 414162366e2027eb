-- One row for each visit to an emergency department: claims of one patient that share a day are one visit (hospital and physicians bill apart; a visit may
-- go past midnight), so that a person has one visit a day at most.
-- stay_no: the hospital stay it led to, begun on a day of the visit or the day after, or going on while the claim was made; such a visit is part of the stay's
-- story and is not counted among visits. A visit from a nursing facility or swing bed, or on the day of discharge, is a visit of its own.
with reached as (
    select
        *,
        max(to_on) over (
            partition by patient_no
            order by from_on, to_on, claim_id
            rows between unbounded preceding and 1 preceding
        ) as reached_on
    from ed_claim
),

-- Claims of two sources may have one id and one day: they are numbered together, because their order may differ from one window to the next.
numbered as (
    select
        *,
        count(*) filter (where reached_on is null or from_on > reached_on) over (
            partition by patient_no
            order by from_on, to_on, claim_id
        ) as turn
    from reached
),

visit as (
    select
        row_number() over (order by patient_no, turn)::integer as visit_no,
        patient_no,
        min(from_on) as visited_on,
        max(to_on) as ended_on,
        arg_min(coalesce(data_source, '') || '/' || claim_id, (not is_institutional, from_on, claim_id)) as first_claim,
        arg_min(nullif(place, ''), (not is_institutional, from_on, claim_id)) filter (where is_institutional) as facility_npi,
        arg_min(struct_pack(code := principal_diagnosis, is_icd_9 := is_icd_9), (not is_institutional, from_on, claim_id))
            filter (where principal_diagnosis is not null) as principal,
        list_sort(list_distinct(flatten(list(diagnosis_codes)))) as diagnosis_codes,
        bool_or(is_icd_9) as is_icd_9,
        count(*) as claims,
        list_sort(list(distinct struct_pack(data_source := data_source, claim_id := claim_id))) as claim_ids
    from numbered
    group by patient_no, turn
),

claim_in as (
    select visit_no, patient_no, unnest(claim_ids) as claim
    from visit
),

claim_amount as (
    select final.data_source, final.claim_id, sum(claim.paid_amount) as paid_amount
    from final_medical_line as final
    semi join ed_claim
        on ed_claim.is_institutional
        and final.claim_id = ed_claim.claim_id
        and final.data_source is not distinct from ed_claim.data_source
    inner join medical_claim as claim
        on final.load_id = claim.load_id
        and final.source_file = claim.source_file
        and final.source_line = claim.source_line
    group by final.data_source, final.claim_id
),

emergency_amount as (
    select data_source, claim_id, sum(emergency_paid) as paid_amount, bool_or(is_institutional) as is_institutional
    from ed_claim
    group by data_source, claim_id
),

-- A claim of several visits (a series bill) stands behind each; its amount counts on the first.
first_of_claim as (
    select claim.data_source, claim.claim_id, min(visit_no) as visit_no
    from claim_in
    group by claim.data_source, claim.claim_id
),

paid as (
    select
        first_of_claim.visit_no,
        sum(case when emergency_amount.is_institutional then claim_amount.paid_amount else emergency_amount.paid_amount end) as paid_amount
    from first_of_claim
    inner join emergency_amount
        on first_of_claim.claim_id = emergency_amount.claim_id
        and first_of_claim.data_source is not distinct from emergency_amount.data_source
    left join claim_amount
        on first_of_claim.claim_id = claim_amount.claim_id
        and first_of_claim.data_source is not distinct from claim_amount.data_source
    group by first_of_claim.visit_no
),

led as (
    select visit.visit_no, min(stay.stay_no) as stay_no
    from visit
    inner join stay_fact as stay
        on visit.patient_no = stay.patient_no
        and stay.admitted_on <= visit.ended_on + 1
        and stay.discharged_on >= visit.visited_on
    where stay.kind not in ('snf', 'swing_bed', 'religious_nonmedical')
        and (stay.admitted_on >= visit.visited_on or stay.discharged_on > visit.visited_on)
    group by visit.visit_no
)

select
    visit.visit_no,
    visit.patient_no,
    visit.first_claim || '/' || strftime(visit.visited_on, '%Y-%m-%d') as visit_id,
    visit.visited_on,
    visit.ended_on,
    visit.facility_npi,
    (visit.principal).code as principal_diagnosis,
    coalesce((visit.principal).is_icd_9, visit.is_icd_9) as is_icd_9,
    coalesce(code_group.code_sets, []) as principal_sets,
    visit.diagnosis_codes,
    led.stay_no,
    visit.claim_ids,
    visit.claims,
    paid.paid_amount::double as paid_amount,
    case when patient.birth_date is not null then date_sub('year', patient.birth_date, visit.visited_on) end::integer as age
from visit
inner join patient on visit.patient_no = patient.patient_no
left join code_group
    on (visit.principal).code = code_group.code
    and case when (visit.principal).is_icd_9 then 'icd-9-cm' else 'icd-10-cm' end = code_group.code_system
left join led on visit.visit_no = led.visit_no
left join paid on visit.visit_no = paid.visit_no
order by visit.visit_no
