-- One row for each element that the programmes require of one kind of completed session in a year: in how many sessions it is documented as yes, as no, as not applicable, and in how
-- many nothing is written about it (missing).
-- Rows: counts
-- Cells: sessions = yes + no + not_applicable + missing; sessions adds up; patients stands alone; sessions, yes, no, not_applicable, missing with patients
-- $year integer: the year
-- $only varchar[] optional: filters that keep, each key and each key=value
-- $never varchar[] optional: filters that leave out, each key=value
-- $service_type varchar: the kind of session
with required as (
    select held.patient_no, held.session_no, listed.element, listed.place, listed.part, listed.title
    from mtm_session as held
    inner join patient on held.patient_no = patient.patient_no
    cross join run
    inner join session_element as listed
        on coalesce(held.program, 'other') = listed.program and held.service_type = listed.service_type and listed.is_required
    where held.status = 'completed'
        and held.service_type = $service_type
        and year(held.held_on) = $year
        and chosen_person(
            $only, $never, patient.plan, coalesce(held.contract_id, patient.contract_id), held.pharmacy_npi,
            patient.birth_date, run.as_of, patient.gender, patient.language, patient.zip_code
        )
)

select
    required.part,
    required.element,
    any_value(required.title) as title,
    count(*) as sessions,
    count(distinct required.patient_no) as patients,
    count(*) filter (where told.state = 'yes') as yes,
    count(*) filter (where told.state = 'no') as no,
    count(*) filter (where told.state = 'not_applicable') as not_applicable,
    count(*) filter (where told.state is null) as missing
from required
left join mtm_element as told on required.session_no = told.session_no and required.element = told.element
group by required.part, required.element
order by min(required.place), required.element
