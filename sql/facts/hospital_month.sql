-- One row for each person and calendar month with at least a day of medical coverage, of the months that medical claims tell of (from the month of the first
-- to that of the last day of service by the as-of day): what happened in the month, on covered days. A row is one member-month; who has no medical coverage
-- has no row. What is begun in a month counts in it whole. plan, contract and pharmacy: the roster's latest of the month, and the pharmacy with most fills of
-- the year, of those the latest used.
with seen as (
    select min(starts_on) as from_on, max(starts_on) as to_on
    from final_medical_line
),

covered as (
    select distinct
        span.patient_no,
        unnest(generate_series(
            date_trunc('month', greatest(span.from_on, seen.from_on)), least(span.to_on, seen.to_on)::timestamp, interval 1 month
        ))::date as month
    from enrollment_span as span
    inner join seen on span.from_on <= seen.to_on and span.to_on >= date_trunc('month', seen.from_on)
    where span.coverage = 'medical'
),

insured as (
    select
        covered.patient_no,
        covered.month,
        arg_max(roster.plan, (roster.from_on, roster.load_id)) as plan,
        arg_max(roster.contract_id, (roster.from_on, roster.load_id)) as contract_id
    from covered
    inner join roster_span as roster
        on covered.patient_no = roster.patient_no
        and roster.medical_coverage
        and roster.from_on <= covered.month + interval 1 month - interval 1 day
        and roster.to_on >= covered.month
    group by covered.patient_no, covered.month
),

pharmacy_fill as (
    select patient_no, year(dispensed_on)::integer as year, pharmacy_npi, count(*) as fills, max(dispensed_on) as last_on
    from fill
    where pharmacy_npi is not null
    group by all
),

usual_pharmacy as (
    select patient_no, year, arg_max(pharmacy_npi, (fills, last_on, pharmacy_npi)) as pharmacy_npi
    from pharmacy_fill
    group by patient_no, year
),

harmed as (
    select
        stay_no,
        visit_no,
        bool_or(tier = 'definite') as is_definite,
        bool_or(tier = 'poisoning') as is_poisoning,
        bool_or(tier = 'underdosing') as is_underdosing,
        bool_or(tier = 'possible') as is_possible
    from drug_event
    group by stay_no, visit_no
),

happened as (
    select
        stay.patient_no,
        stay.admitted_on as on_day,
        (stay.kind = 'acute' and stay.is_admission)::integer as admissions,
        case when stay.kind = 'acute' then stay.bed_days else 0 end as bed_days,
        0 as ed_visits,
        0 as observations,
        (stay.kind = 'snf' and stay.is_admission)::integer as snf_stays,
        (avoidable.stay_no is not null)::integer as avoidable,
        coalesce(avoidable.is_medication_sensitive, false)::integer as avoidable_by_medicine,
        (stay.kind = 'acute' and coalesce(harmed.is_definite, false))::integer as harm_definite,
        (stay.kind = 'acute' and coalesce(harmed.is_poisoning, false))::integer as harm_poisoning,
        (stay.kind = 'acute' and coalesce(harmed.is_underdosing, false))::integer as harm_underdosing,
        (stay.kind = 'acute' and coalesce(harmed.is_possible, false))::integer as harm_possible
    from stay_fact as stay
    left join avoidable_stay as avoidable on stay.stay_no = avoidable.stay_no
    left join harmed on stay.stay_no = harmed.stay_no
    union all
    select
        visit.patient_no,
        visit.visited_on,
        0,
        0,
        1,
        0,
        0,
        0,
        0,
        coalesce(harmed.is_definite, false)::integer,
        coalesce(harmed.is_poisoning, false)::integer,
        coalesce(harmed.is_underdosing, false)::integer,
        coalesce(harmed.is_possible, false)::integer
    from ed_visit_fact as visit
    left join harmed on visit.visit_no = harmed.visit_no
    where visit.stay_no is null
    union all
    select patient_no, from_on, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0
    from observation_fact
    where stay_no is null
),

counted as (
    select
        happened.patient_no,
        date_trunc('month', happened.on_day)::date as month,
        sum(admissions)::integer as admissions,
        sum(bed_days)::integer as bed_days,
        sum(ed_visits)::integer as ed_visits,
        sum(observations)::integer as observations,
        sum(snf_stays)::integer as snf_stays,
        sum(avoidable)::integer as avoidable,
        sum(avoidable_by_medicine)::integer as avoidable_by_medicine,
        sum(harm_definite)::integer as harm_definite,
        sum(harm_poisoning)::integer as harm_poisoning,
        sum(harm_underdosing)::integer as harm_underdosing,
        sum(harm_possible)::integer as harm_possible
    from happened
    inner join enrollment_span as span
        on happened.patient_no = span.patient_no
        and span.coverage = 'medical'
        and happened.on_day between span.from_on and span.to_on
    group by happened.patient_no, month
)

select
    insured.patient_no,
    insured.month,
    year(insured.month)::integer as year,
    insured.plan,
    insured.contract_id,
    usual_pharmacy.pharmacy_npi,
    coalesce(counted.admissions, 0) as admissions,
    coalesce(counted.bed_days, 0) as bed_days,
    coalesce(counted.ed_visits, 0) as ed_visits,
    coalesce(counted.observations, 0) as observations,
    coalesce(counted.snf_stays, 0) as snf_stays,
    insured.month >= date '2015-10-01' as is_icd_10,
    coalesce(counted.avoidable, 0) as avoidable,
    coalesce(counted.avoidable_by_medicine, 0) as avoidable_by_medicine,
    coalesce(counted.harm_definite, 0) as harm_definite,
    coalesce(counted.harm_poisoning, 0) as harm_poisoning,
    coalesce(counted.harm_underdosing, 0) as harm_underdosing,
    coalesce(counted.harm_possible, 0) as harm_possible
from insured
left join counted on insured.patient_no = counted.patient_no and insured.month = counted.month
left join usual_pharmacy on insured.patient_no = usual_pharmacy.patient_no and year(insured.month) = usual_pharmacy.year
order by insured.patient_no, insured.month
