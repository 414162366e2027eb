-- One row for each group and month from 12 before to 12 after a comprehensive medication review: member-months, events, and the rate with its 95% interval.
-- reviewed: people with a completed review, around the month of their first. unreviewed: people without one who meet the criteria for MTM by claims on the as-of
-- day, or were in MTM in the month given to them: whoever has no review has no day of it, so they are given months that are spread over the calendar as
-- those of the reviewed (in the order of a number made from their ids). Described only: the groups differ in more than the review, and nobody is matched.
-- Rows: counts
-- Cells: numerator, denominator, people stand alone; rate with numerator; lower with numerator; upper with numerator
-- $measure varchar: hospital_admissions or emergency_visits
with reviewed as (
    select patient_no, date_trunc('month', min(held_on))::date as index_month
    from mtm_session
    where service_type = 'cmr' and status = 'completed'
    group by patient_no
),

placed_review as (
    select index_month, row_number() over (order by index_month, patient_no) as place, (select count(*) from reviewed) as reviews
    from reviewed
),

candidate as (
    select patient_no
    from (
        select patient_no from mtm_enrollment_span
        union
        select patient_no from mtm_eligibility where is_eligible
    )
    anti join reviewed using (patient_no)
),

unreviewed as (
    select patient_no, row_number() over (order by hash(patient_no), patient_no) as place, (select count(*) from candidate) as people
    from candidate
),

given as (
    select unreviewed.patient_no, placed_review.index_month
    from unreviewed
    inner join placed_review
        on placed_review.place = ceil(unreviewed.place * placed_review.reviews / unreviewed.people)
),

index_of as (
    select 'reviewed' as arm, patient_no, index_month
    from reviewed
    union all
    select distinct 'unreviewed', given.patient_no, given.index_month
    from given
    left join mtm_eligibility as eligible on given.patient_no = eligible.patient_no and eligible.is_eligible
    left join mtm_enrollment_span as span
        on given.patient_no = span.patient_no
        and span.from_on < given.index_month + interval 1 month
        and coalesce(span.opted_out_on, date '9999-12-31') > given.index_month
    where eligible.patient_no is not null or span.patient_no is not null
),

around as (
    select
        index_of.arm,
        index_of.patient_no,
        away.months_away,
        (index_of.index_month + to_months(away.months_away))::date as month
    from index_of
    cross join (select unnest(range(-12, 13))::integer as months_away) as away
),

lived as (
    select around.arm, around.patient_no, around.months_away, around.month
    from around
    inner join covered_year as covered on around.patient_no = covered.patient_no and year(around.month) = covered.year
    cross join run
    where (covered.months >> (month(around.month) - 1)) & 1 = 1
        and around.month <= run.as_of - to_months((select value::integer from setting where setting = 'run_out_months'))
),

counted as (
    select
        lived.arm,
        lived.months_away,
        count(distinct lived.patient_no) as people,
        count(*) as denominator,
        coalesce(sum(case $measure when 'hospital_admissions' then event.admissions when 'emergency_visits' then event.ed_visits end), 0)::bigint as numerator
    from lived
    left join hospital_event as event on lived.patient_no = event.patient_no and lived.month = event.month
    group by lived.arm, lived.months_away
)

select
    arm,
    months_away,
    people,
    numerator,
    denominator,
    numerator * 12000.0 / denominator as rate,
    byar_lower(numerator) * 12000 / denominator as lower,
    byar_upper(numerator) * 12000 / denominator as upper
from counted
order by arm, months_away
