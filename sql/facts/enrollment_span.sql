-- One row for each unbroken span of a person's pharmacy or medical coverage, over all plans and sources; both ends are covered days.
-- A span that starts the day after another ends goes on with it: a change of plan is no gap.
with covered as (
    select patient_no, 'pharmacy' as coverage, from_on, to_on
    from roster_span
    where pharmacy_coverage
    union all
    select patient_no, 'medical', from_on, to_on
    from roster_span
    where medical_coverage
),

reached as (
    select
        *,
        max(to_on) over (
            partition by patient_no, coverage
            order by from_on, to_on
            rows between unbounded preceding and 1 preceding
        ) as reached_on
    from covered
),

-- Rows of the same days are numbered together: their order may differ from one window to the next.
numbered as (
    select
        *,
        count(*) filter (where reached_on is null or from_on > reached_on + 1) over (
            partition by patient_no, coverage
            order by from_on, to_on
        ) as span
    from reached
)

select
    patient_no,
    coverage,
    min(from_on) as from_on,
    max(to_on) as to_on
from numbered
group by patient_no, coverage, span
order by patient_no, coverage, from_on
