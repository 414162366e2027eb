-- One row for each completed session of a kind that session_element asks something of: how many elements are required, and how many of those are
-- documented as yes, as no, as not applicable, or missing; a session of no known programme is held to "other".
with required as (
    select program, service_type, list(element order by place) as elements, count(*)::integer as required
    from session_element
    where is_required
    group by program, service_type
),

session as (
    select mtm_session.session_no, mtm_session.patient_no, required.elements, required.required
    from mtm_session
    inner join required
        on coalesce(mtm_session.program, 'other') = required.program and mtm_session.service_type = required.service_type
    where mtm_session.status = 'completed'
),

documented as (
    select
        session.session_no,
        list(told.element) as elements,
        count(*) filter (where told.state = 'yes')::integer as yes,
        count(*) filter (where told.state = 'no')::integer as no,
        count(*) filter (where told.state = 'not_applicable')::integer as not_applicable
    from session
    inner join mtm_element as told on session.session_no = told.session_no and list_contains(session.elements, told.element)
    group by session.session_no
)

select
    session.session_no,
    session.patient_no,
    session.required,
    coalesce(documented.yes, 0) as yes,
    coalesce(documented.no, 0) as no,
    coalesce(documented.not_applicable, 0) as not_applicable,
    session.required - coalesce(documented.yes + documented.no + documented.not_applicable, 0) as missing,
    list_filter(session.elements, lambda element: not list_contains(coalesce(documented.elements, []), element)) as missing_elements
from session
left join documented on session.session_no = documented.session_no
