-- One row for each enrolment and calendar year it has a day in, up to the year of the as-of day: starts_on, the later of enrolment and 1 January;
-- ends_before, the earlier of the opt-out day and the next 1 January, projected while the year is open. is_conflicting: in that year, two enrolments of
-- the patient in the programme and contract have days in common and say different things.
with yearly as (
    select
        span.*,
        calendar.year,
        greatest(span.from_on, make_date(calendar.year, 1, 1)) as starts_on,
        least(coalesce(span.opted_out_on, date '9999-12-31'), make_date(calendar.year + 1, 1, 1)) as ends_before
    from mtm_enrollment_span as span
    cross join run
    cross join lateral (
        select unnest(range(
            year(span.from_on),
            least(year(run.as_of), year(greatest(span.from_on, coalesce(span.opted_out_on - 1, run.as_of)))) + 1
        ))::integer as year
    ) as calendar
),

reached as (
    select
        *,
        max(ends_before) over (
            partition by patient_no, program, contract_id, year
            order by starts_on, ends_before
            rows between unbounded preceding and 1 preceding
        ) as earlier_ends_before
    from yearly
)

select
    * exclude (earlier_ends_before),
    coalesce(bool_or(earlier_ends_before > starts_on) over (partition by patient_no, program, contract_id, year), false) as is_conflicting
from reached
order by patient_no, year, starts_on
