-- One row for each enrolment and calendar year it has a day in, up to the year of the as-of day: starts_on, the later of enrolment and 1 January;
-- ends_before, the earlier of the day on which it ended and the next 1 January, projected while the year is open. ended_on: the opt-out day; where
-- none is given, that of death (setting death_ends_mtm). is_conflicting: in that year, two enrolments of
-- the patient in the programme and contract have days in common and say different things. One that ended on the day it began has no day, and a row
-- only where no other of that year has one.
with ended as (
    select
        span.*,
        coalesce(span.opted_out_on, case when death.is_end then patient.death_date end) as ended_on
    from mtm_enrollment_span as span
    inner join patient on span.patient_no = patient.patient_no
    cross join (select value = 'yes' as is_end from setting where setting = 'death_ends_mtm') as death
),

yearly as (
    select
        span.*,
        calendar.year,
        greatest(span.from_on, make_date(calendar.year, 1, 1)) as starts_on,
        least(span.ended_on, make_date(calendar.year + 1, 1, 1)) as ends_before
    from ended as span
    cross join run
    cross join lateral (
        select unnest(range(
            year(span.from_on),
            least(year(run.as_of), year(greatest(span.from_on, coalesce(span.ended_on - 1, run.as_of)))) + 1
        ))::integer as year
    ) as calendar
),

-- Only who has several enrolments in a year can have them in conflict.
several as (
    select patient_no, program, contract_id, year
    from yearly
    group by patient_no, program, contract_id, year
    having count(*) > 1
),

reached as (
    select
        yearly.patient_no,
        yearly.program,
        yearly.contract_id,
        yearly.year,
        yearly.starts_on,
        max(yearly.ends_before) over (
            partition by yearly.patient_no, yearly.program, yearly.contract_id, yearly.year
            order by yearly.starts_on, yearly.ends_before
            rows between unbounded preceding and 1 preceding
        ) as earlier_ends_before
    from yearly
    semi join several
        on yearly.patient_no = several.patient_no
        and yearly.program = several.program
        and yearly.contract_id is not distinct from several.contract_id
        and yearly.year = several.year
    where yearly.starts_on < yearly.ends_before
),

together as (
    select patient_no, program, contract_id, year, coalesce(bool_or(earlier_ends_before > starts_on), false) as is_conflicting
    from reached
    group by patient_no, program, contract_id, year
)

select yearly.*, coalesce(together.is_conflicting, false) as is_conflicting
from yearly
left join together
    on yearly.patient_no = together.patient_no
    and yearly.program = together.program
    and yearly.contract_id is not distinct from together.contract_id
    and yearly.year = together.year
where yearly.starts_on < yearly.ends_before or together.patient_no is null
order by yearly.patient_no, yearly.year, yearly.starts_on
