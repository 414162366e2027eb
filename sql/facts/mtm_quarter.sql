-- One row for each patient, programme, contract and calendar quarter with a day of enrolment in MTM: whether a targeted medication review was completed in it.
-- is_over says that the quarter ended by the as-of day.
with enrolled as materialized (
    select row_number() over ()::integer as enrolled_no, patient_no, program, contract_id, year, pharmacy_npi, plan
    from cmr_fact
),

span as (
    select enrolled.enrolled_no, enrolled.patient_no, enrolled.program, enrolled.contract_id, enrolled.year, span.starts_on, span.ends_before
    from mtm_enrollment_year as span
    inner join enrolled
        on span.patient_no = enrolled.patient_no
        and span.program = enrolled.program
        and span.contract_id is not distinct from enrolled.contract_id
        and span.year = enrolled.year
    where not span.is_conflicting and span.starts_on < span.ends_before
),

enrolled_quarter as (
    select
        enrolled_no,
        quarter,
        min(greatest(starts_on, make_date(year, 3 * quarter - 2, 1))) as from_on,
        max(least(ends_before - 1, last_day(make_date(year, 3 * quarter, 1)))) as to_on
    from (select *, unnest(range(quarter(starts_on), quarter(ends_before - 1) + 1))::integer as quarter from span)
    group by enrolled_no, quarter
),

held as (
    select
        span.enrolled_no,
        quarter(session.held_on)::integer as quarter,
        count(*) as tmrs,
        min(session.held_on) as first_tmr_on,
        arg_max(session.pharmacy_npi, (session.held_on, session.service_id)) as session_pharmacy_npi
    from mtm_session as session
    inner join span
        on session.patient_no = span.patient_no
        and session.held_on >= span.starts_on
        and session.held_on < span.ends_before
        and (session.contract_id is null or span.contract_id is null or session.contract_id = span.contract_id)
        and (session.program is null or session.program = span.program)
    where session.service_type = 'tmr' and session.status = 'completed'
    group by span.enrolled_no, quarter(session.held_on)
)

select
    enrolled.patient_no,
    enrolled.program,
    enrolled.contract_id,
    enrolled.year,
    enrolled_quarter.quarter,
    enrolled_quarter.from_on,
    enrolled_quarter.to_on,
    coalesce(held.tmrs, 0)::integer as tmrs,
    held.first_tmr_on,
    last_day(make_date(enrolled.year, 3 * enrolled_quarter.quarter, 1)) <= run.as_of as is_over,
    coalesce(held.session_pharmacy_npi, enrolled.pharmacy_npi) as pharmacy_npi,
    enrolled.plan
from enrolled_quarter
cross join run
inner join enrolled on enrolled_quarter.enrolled_no = enrolled.enrolled_no
left join held on enrolled_quarter.enrolled_no = held.enrolled_no and enrolled_quarter.quarter = held.quarter
