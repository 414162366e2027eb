-- One row for each kind of session, programme and element: how many sessions of a year document it as yes, no or not applicable, and in how many it is missing.
-- Rows: counts
-- Cells: sessions = yes + no + not_applicable + missing; sessions stands alone
-- $year integer: the year
-- $program varchar optional: part_d, medicaid, commercial or other
-- $contracts varchar[] optional: contracts
-- $plans varchar[] optional: plans
-- $pharmacies varchar[] optional: pharmacies, by NPI

with session as (
    select held.*, coalesce(held.program, 'other') as required_by
    from mtm_session as held
    inner join patient on held.patient_no = patient.patient_no
    where held.status = 'completed' and year(held.held_on) = $year
        and ($program is null or held.program = $program)
        and ($contracts is null or list_contains($contracts, held.contract_id))
        and ($plans is null or list_contains($plans, patient.plan))
        and ($pharmacies is null or list_contains($pharmacies, held.pharmacy_npi))
),

counted as (
    select service_type, required_by, count(*) as sessions
    from session
    group by service_type, required_by
),

told as (
    select
        session.service_type,
        session.required_by,
        element.element,
        count(*) filter (where element.state = 'yes') as yes,
        count(*) filter (where element.state = 'no') as no,
        count(*) filter (where element.state = 'not_applicable') as not_applicable
    from session
    inner join mtm_element as element
        on session.data_source is not distinct from element.data_source and session.service_id = element.service_id
    group by session.service_type, session.required_by, element.element
)

select
    counted.service_type,
    counted.required_by as program,
    listed.place,
    listed.part,
    listed.element,
    listed.title,
    listed.is_required,
    counted.sessions,
    coalesce(told.yes, 0) as yes,
    coalesce(told.no, 0) as no,
    coalesce(told.not_applicable, 0) as not_applicable,
    counted.sessions - coalesce(told.yes + told.no + told.not_applicable, 0) as missing
from counted
inner join session_element as listed on counted.required_by = listed.program and counted.service_type = listed.service_type
left join told
    on counted.required_by = told.required_by and counted.service_type = told.service_type and listed.element = told.element
order by counted.service_type, program, listed.place
