-- One row for each step from all stays of a year (by discharge) to the index stays for readmission; each step's remaining is the one before less its own stays.
-- Rows: counts
-- Cells: stays adds up; remaining runs down by stays
-- $year integer: year of discharge
with step as (
    select * from (values
        (1, 'not_acute'), (2, 'transferred'), (3, 'still_patient'), (4, 'died'), (5, 'left_against_advice'), (6, 'age_not_known'), (7, 'under_18'),
        (8, 'not_covered_30_days'), (9, 'hospice'), (10, 'pregnancy'), (11, 'perinatal'), (12, 'no_diagnosis_group'), (13, 'cancer_treatment'), (14, 'rehabilitation'),
        (15, 'psychiatric'), (16, 'no_cohort'), (17, 'too_recent'), (18, 'planned_not_known')
    ) as s(step, excluded_because)
),

found as (
    select readmission.excluded_because, count(*) as stays
    from readmission
    inner join stay_fact as stay on readmission.stay_no = stay.stay_no
    where year(stay.discharged_on) = $year
    group by readmission.excluded_because
),

start as (
    select coalesce(sum(stays), 0)::bigint as stays from found
)

select 0 as step, null as excluded_because, 0 as stays, (select stays from start) as remaining
union all
select
    step.step,
    step.excluded_because,
    coalesce(found.stays, 0) as stays,
    (select stays from start) - sum(coalesce(found.stays, 0)) over (order by step.step rows unbounded preceding)::bigint as remaining
from step
left join found on step.excluded_because = found.excluded_because
order by step
