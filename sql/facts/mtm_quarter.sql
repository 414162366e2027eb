-- One row for each patient, programme, contract and calendar quarter with a day of enrolment in MTM: whether a targeted medication review was completed in it.
-- is_over says that the quarter ended by the as-of day.
with enrolled as (
    select
        enrolled.patient_no,
        enrolled.program,
        enrolled.contract_id,
        enrolled.year,
        quarter.quarter,
        make_date(enrolled.year, 3 * quarter.quarter - 2, 1) as quarter_from_on,
        last_day(make_date(enrolled.year, 3 * quarter.quarter, 1)) as quarter_to_on,
        greatest(enrolled.starts_on, make_date(enrolled.year, 3 * quarter.quarter - 2, 1)) as from_on,
        least(enrolled.ends_before - 1, last_day(make_date(enrolled.year, 3 * quarter.quarter, 1))) as to_on
    from mtm_enrollment_year as enrolled
    cross join (select unnest([1, 2, 3, 4]) as quarter) as quarter
    where not enrolled.is_conflicting
),

quarter as (
    select patient_no, program, contract_id, year, quarter, any_value(quarter_to_on) as quarter_to_on, min(from_on) as from_on, max(to_on) as to_on
    from enrolled
    where from_on <= to_on
    group by patient_no, program, contract_id, year, quarter
),

held as (
    select
        enrolled.patient_no,
        enrolled.program,
        enrolled.contract_id,
        enrolled.year,
        enrolled.quarter,
        count(*) as tmrs,
        min(session.held_on) as first_tmr_on,
        arg_max(session.pharmacy_npi, session.held_on) as session_pharmacy_npi
    from enrolled
    inner join mtm_session as session
        on enrolled.patient_no = session.patient_no
        and session.held_on between enrolled.from_on and enrolled.to_on
        and (session.contract_id is null or enrolled.contract_id is null or session.contract_id = enrolled.contract_id)
        and (session.program is null or session.program = enrolled.program)
    where session.service_type = 'tmr' and session.status = 'completed'
    group by enrolled.patient_no, enrolled.program, enrolled.contract_id, enrolled.year, enrolled.quarter
),

reviewed as (
    select quarter.*, coalesce(held.tmrs, 0) as tmrs, held.first_tmr_on, held.session_pharmacy_npi
    from quarter
    left join held
        on quarter.patient_no = held.patient_no
        and quarter.program = held.program
        and quarter.contract_id is not distinct from held.contract_id
        and quarter.year = held.year
        and quarter.quarter = held.quarter
)

select
    reviewed.patient_no,
    reviewed.program,
    reviewed.contract_id,
    reviewed.year,
    reviewed.quarter,
    reviewed.from_on,
    reviewed.to_on,
    reviewed.tmrs::integer as tmrs,
    reviewed.first_tmr_on,
    reviewed.quarter_to_on <= run.as_of as is_over,
    coalesce(reviewed.session_pharmacy_npi, fact.pharmacy_npi) as pharmacy_npi,
    fact.plan
from reviewed
cross join run
left join cmr_fact as fact
    on reviewed.patient_no = fact.patient_no
    and reviewed.program = fact.program
    and reviewed.contract_id is not distinct from fact.contract_id
    and reviewed.year = fact.year
