-- One row for each person and calendar year with medical coverage: member-months, those coded in ICD-10 (from October 2015), those with pharmacy coverage too, and what happened in them. plan,
-- contract: of the latest covered month.
with covered as (
    select
        patient_no,
        year,
        arg_max(plan, (months, plan, contract_id)) as plan,
        arg_max(contract_id, (months, plan, contract_id)) as contract_id,
        any_value(pharmacy_npi) as pharmacy_npi,
        sum(bit_count(months::integer))::integer as member_months,
        sum(bit_count(case when year > 2015 then months when year = 2015 then months & 3584 else 0 end::integer))::integer as icd_10_months,
        sum(bit_count(supply_months))::integer as supply_months
    from covered_year
    group by patient_no, year
),

happened as (
    select
        patient_no,
        year,
        sum(admissions)::integer as admissions,
        sum(bed_days)::integer as bed_days,
        sum(ed_visits)::integer as ed_visits,
        sum(observations)::integer as observations,
        sum(snf_stays)::integer as snf_stays,
        sum(avoidable) filter (where month >= date '2015-10-01')::integer as avoidable,
        sum(avoidable_by_medicine) filter (where month >= date '2015-10-01')::integer as avoidable_by_medicine,
        sum(harm_definite) filter (where month >= date '2015-10-01')::integer as harm_definite,
        sum(harm_poisoning) filter (where month >= date '2015-10-01')::integer as harm_poisoning,
        sum(harm_underdosing) filter (where month >= date '2015-10-01')::integer as harm_underdosing,
        sum(harm_possible) filter (where month >= date '2015-10-01')::integer as harm_possible,
        sum(after_gap)::integer as after_gap
    from hospital_event
    group by patient_no, year
)

select
    covered.*,
    coalesce(happened.admissions, 0) as admissions,
    coalesce(happened.bed_days, 0) as bed_days,
    coalesce(happened.ed_visits, 0) as ed_visits,
    coalesce(happened.observations, 0) as observations,
    coalesce(happened.snf_stays, 0) as snf_stays,
    coalesce(happened.avoidable, 0) as avoidable,
    coalesce(happened.avoidable_by_medicine, 0) as avoidable_by_medicine,
    coalesce(happened.harm_definite, 0) as harm_definite,
    coalesce(happened.harm_poisoning, 0) as harm_poisoning,
    coalesce(happened.harm_underdosing, 0) as harm_underdosing,
    coalesce(happened.harm_possible, 0) as harm_possible,
    coalesce(happened.after_gap, 0) as after_gap
from covered
left join happened on covered.patient_no = happened.patient_no and covered.year = happened.year
order by covered.patient_no, covered.year
