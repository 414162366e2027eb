-- One row for each step from the patients with a fill of the class to those counted; each step's remaining is the one before less its own patients.
-- Rows: counts
-- Cells: patients adds up while patients is told; remaining runs by patients
-- $measure varchar: the measure's id
-- $year integer: measurement year
-- $population population: filters
with step as (
    select * from (values
        (1, 'not_enrolled'), (3, 'hospice'), (4, 'esrd'),
        (6, 'coverage_gap'), (7, 'one_fill_date'), (8, 'short_period'), (9, 'stays_cover_period')
    ) as s(step, excluded_because)
    union all
    select 2, 'under_' || min_age
    from adherence_measure
    where $measure in (measure, measure || '_pharmacy_view')
    union all
    select 5, exclusion_reason
    from adherence_measure
    where exclusion_reason <> '' and $measure in (measure, measure || '_pharmacy_view')
),
found as materialized (
    select excluded_because, count(*) as patients
    from population($measure, $year, $population)
    group by excluded_because
),
left_out as (
    select excluded_because, patients
    from found
    where excluded_because is not null
),
start as (
    select coalesce(sum(patients), 0)::bigint as patients from found
)
select
    0 as step,
    null as excluded_because,
    0 as patients,
    (select patients from start) as remaining
union all
select
    s.step,
    s.excluded_because,
    coalesce(l.patients, 0) as patients,
    (select patients from start) - sum(coalesce(l.patients, 0)) over (order by s.step rows unbounded preceding)::bigint as remaining
from step as s
left join left_out as l on l.excluded_because = s.excluded_because
order by step
