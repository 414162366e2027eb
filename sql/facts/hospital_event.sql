-- One row for each person and calendar month in which a hospital stay, emergency visit or observation began on a day of medical coverage: how many, in the month in
-- which each began, whole. plan, contract and pharmacy are those of the month (covered_year). month_no: 0 for January.
with harmed as (
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
        (stay.kind = 'acute' and coalesce(harmed.is_possible, false))::integer as harm_possible,
        (after_gap.stay_no is not null)::integer as after_gap
    from stay_fact as stay
    left join avoidable_stay as avoidable on stay.stay_no = avoidable.stay_no
    left join harmed on stay.stay_no = harmed.stay_no
    left join event_after_gap as after_gap on stay.stay_no = after_gap.stay_no
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
        coalesce(harmed.is_possible, false)::integer,
        (after_gap.visit_no is not null)::integer
    from ed_visit_fact as visit
    left join harmed on visit.visit_no = harmed.visit_no
    left join event_after_gap as after_gap on visit.visit_no = after_gap.visit_no
    where visit.stay_no is null
    union all
    select patient_no, from_on, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0
    from observation_fact
    where stay_no is null
)

select
    happened.patient_no,
    date_trunc('month', happened.on_day)::date as month,
    year(happened.on_day)::integer as year,
    (month(happened.on_day) - 1)::integer as month_no,
    any_value(covered.plan) as plan,
    any_value(covered.contract_id) as contract_id,
    any_value(covered.pharmacy_npi) as pharmacy_npi,
    sum(happened.admissions)::integer as admissions,
    sum(happened.bed_days)::integer as bed_days,
    sum(happened.ed_visits)::integer as ed_visits,
    sum(happened.observations)::integer as observations,
    sum(happened.snf_stays)::integer as snf_stays,
    sum(happened.avoidable)::integer as avoidable,
    sum(happened.avoidable_by_medicine)::integer as avoidable_by_medicine,
    sum(happened.harm_definite)::integer as harm_definite,
    sum(happened.harm_poisoning)::integer as harm_poisoning,
    sum(happened.harm_underdosing)::integer as harm_underdosing,
    sum(happened.harm_possible)::integer as harm_possible,
    sum(happened.after_gap * ((covered.supply_months >> (month(happened.on_day) - 1)) & 1))::integer as after_gap
from happened
inner join enrollment_span as span
    on happened.patient_no = span.patient_no
    and span.coverage = 'medical'
    and happened.on_day between span.from_on and span.to_on
inner join covered_year as covered
    on happened.patient_no = covered.patient_no
    and year(happened.on_day) = covered.year
    and (covered.months >> (month(happened.on_day) - 1)) & 1 = 1
group by happened.patient_no, date_trunc('month', happened.on_day)::date, year(happened.on_day), month(happened.on_day)
order by happened.patient_no, month
