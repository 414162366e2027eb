-- One row for each element that a session may document, in its order: whether its programme requires it, and what is documented: yes, no, not_applicable or missing.
-- Rows: patients
-- $service_id varchar: the session
-- $data_source varchar optional: who sent it
select
    listed.place,
    listed.part,
    listed.element,
    listed.title,
    listed.is_required,
    coalesce(told.state, 'missing') as state,
    told.shown_by
from mtm_session as session
inner join session_element as listed
    on coalesce(session.program, 'other') = listed.program and session.service_type = listed.service_type
left join mtm_element as told on session.session_no = told.session_no and listed.element = told.element
where session.service_id = $service_id and ($data_source is null or session.data_source = $data_source) and session.status = 'completed'
order by listed.place
