-- One row for each programme and kind of completed session of a year: of the elements that the programme requires and that apply, how many the sessions document as done.
-- Rows: counts
-- Cells: listed = required + not_applicable; required = documented + ~undocumented; listed adds up by service_type; patients stands alone; required, documented with patients;
--   listed, not_applicable are never told
-- $year integer: the year
select
    listed.program,
    held.service_type,
    count(distinct held.patient_no) as patients,
    count(*) as listed,
    count(*) filter (where told.state = 'not_applicable') as not_applicable,
    count(*) filter (where told.state is distinct from 'not_applicable') as required,
    count(*) filter (where told.state = 'yes') as documented
from mtm_session as held
inner join session_element as listed
    on coalesce(held.program, 'other') = listed.program and held.service_type = listed.service_type and listed.is_required
left join mtm_element as told on held.session_no = told.session_no and listed.element = told.element
where held.status = 'completed' and year(held.held_on) = $year
group by listed.program, held.service_type
order by listed.program, held.service_type
