-- One row for each patient, programme, contract and calendar quarter with a day of enrolment in MTM (enrolled_no and year, of cmr_fact): how many targeted
-- medication reviews were completed in it, and the pharmacy of the last of them. is_over says that the quarter ended by the as-of day.
with span as (
    select cmr_fact.enrolled_no, span.patient_no, span.program, span.contract_id, span.year, span.starts_on, span.ends_before
    from mtm_enrollment_year as span
    inner join cmr_fact
        on span.patient_no = cmr_fact.patient_no
        and span.program = cmr_fact.program
        and span.contract_id is not distinct from cmr_fact.contract_id
        and span.year = cmr_fact.year
    where not span.is_conflicting and span.starts_on < span.ends_before
),

enrolled_quarter as (
    select distinct enrolled_no, patient_no, year, unnest(range(quarter(starts_on), quarter(ends_before - 1) + 1))::integer as quarter
    from span
),

held as (
    select
        span.enrolled_no,
        quarter(session.held_on)::integer as quarter,
        count(*)::integer as tmrs,
        arg_max(session.pharmacy_npi, session.session_no) as pharmacy_npi
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
    enrolled_quarter.patient_no,
    enrolled_quarter.enrolled_no,
    enrolled_quarter.quarter,
    coalesce(held.tmrs, 0) as tmrs,
    last_day(make_date(enrolled_quarter.year, 3 * enrolled_quarter.quarter, 1)) <= run.as_of as is_over,
    held.pharmacy_npi
from enrolled_quarter
cross join run
left join held on enrolled_quarter.enrolled_no = held.enrolled_no and enrolled_quarter.quarter = held.quarter
