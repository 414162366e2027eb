-- One row for each enrolment and calendar year it has a day in, up to the year of the as-of day: starts_on, the later of enrolment and 1 January;
-- ends_before, the earlier of the opt-out day and the next 1 January, projected while the year is open.
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
order by patient_no, year, starts_on
