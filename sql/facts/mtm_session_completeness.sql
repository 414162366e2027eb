-- One row for each completed session of a kind that session_element asks something of: how many elements are required, and how many of those are
-- documented as yes, as no, as not applicable, or missing; a session of no known programme is held to "other".
with required as (
    select program, service_type, list(element order by place) as elements, count(*)::integer as required
    from session_element
    where is_required
    group by program, service_type
),

session as (
    select mtm_session.*, required.elements, required.required
    from mtm_session
    inner join required
        on coalesce(mtm_session.program, 'other') = required.program and mtm_session.service_type = required.service_type
    where mtm_session.status = 'completed'
),

documented as (
    select
        session.data_source,
        session.service_id,
        list(told.element) as elements,
        count(*) filter (where told.state = 'yes')::integer as yes,
        count(*) filter (where told.state = 'no')::integer as no,
        count(*) filter (where told.state = 'not_applicable')::integer as not_applicable
    from session
    inner join mtm_element as told
        on session.data_source is not distinct from told.data_source
        and session.service_id = told.service_id
        and list_contains(session.elements, told.element)
    group by session.data_source, session.service_id
)

select
    session.patient_no,
    session.data_source,
    session.service_id,
    session.service_type,
    session.program,
    session.contract_id,
    session.held_on,
    session.setting,
    session.delivery_method,
    session.provider_type,
    session.provider_npi,
    session.pharmacy_npi,
    session.required,
    coalesce(documented.yes, 0) as yes,
    coalesce(documented.no, 0) as no,
    coalesce(documented.not_applicable, 0) as not_applicable,
    session.required - coalesce(documented.yes + documented.no + documented.not_applicable, 0) as missing,
    list_filter(session.elements, lambda element: not list_contains(coalesce(documented.elements, []), element)) as missing_elements
from session
left join documented
    on session.data_source is not distinct from documented.data_source and session.service_id = documented.service_id
