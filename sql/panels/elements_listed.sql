-- One row for each element that its programme requires of a year's completed session: how it is documented; the latest session first. These are the rows that
-- session_coverage and session_groups count; sid is the opaque id of the session's page. rows_in_all: how many they are, whatever the page.
-- Rows: patients
-- $year integer: the year of the session
-- $only varchar[] optional: filters that keep, each key and each key=value
-- $never varchar[] optional: filters that leave out, each key=value
-- $service_type varchar optional: the kind of session
-- $element varchar optional: one element
-- $state varchar optional: how it is documented (yes, no, not_applicable), missing, or applicable: any but not_applicable
-- $unit varchar optional: way, setting or provider
-- $value varchar optional: the group of that unit; those not stated when left out
-- $days boolean: filled in from the asker's level, true where days are shown; else the order of rows tells nothing that is not shown
-- $first integer: rows before the page
-- $rows integer optional: rows of the page; all of them when left out
with kept as (
    select
        held.session_no,
        patient.pid,
        patient.patient_id,
        patient.first_name,
        patient.last_name,
        patient.pid || '-' || held.patient_session_no as sid,
        held.held_on,
        held.service_type,
        listed.place,
        listed.part,
        listed.element,
        listed.title,
        coalesce(told.state, 'missing') as state,
        held.delivery_method,
        held.setting,
        held.provider_type,
        held.pharmacy_npi,
        pharmacy.name as pharmacy_name,
        held.program,
        patient.plan,
        held.data_source
    from mtm_session as held
    inner join patient on held.patient_no = patient.patient_no
    cross join run
    inner join session_element as listed
        on coalesce(held.program, 'other') = listed.program and held.service_type = listed.service_type and listed.is_required
    left join mtm_element as told on held.session_no = told.session_no and listed.element = told.element
    left join dispensing_pharmacy as pharmacy on held.pharmacy_npi = pharmacy.npi
    where held.status = 'completed'
        and year(held.held_on) = $year
        and ($service_type is null or held.service_type = $service_type)
        and ($element is null or listed.element = $element)
        and (
            $state is null
            or coalesce(told.state, 'missing') = $state
            or ($state = 'applicable' and coalesce(told.state, 'missing') <> 'not_applicable')
        )
        and (
            $unit is null
            or review_group(
                $unit, patient.plan, coalesce(held.contract_id, patient.contract_id), held.pharmacy_npi,
                held.delivery_method, held.setting, held.provider_type, held.recipient
            ) is not distinct from $value
        )
        and chosen_person(
            $only, $never, patient.plan, coalesce(held.contract_id, patient.contract_id), held.pharmacy_npi,
            patient.birth_date, run.as_of, patient.gender, patient.language, patient.zip_code
        )
)

select * exclude (session_no, place), (select count(*) from kept)::integer as rows_in_all
from kept
order by
    case when $days then held_on end desc,
    pid,
    case when $days then session_no else hash(session_no) end,
    place,
    element
limit $rows offset $first
