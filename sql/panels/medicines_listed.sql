-- One row for each medicine of a year's completed sessions that documented a list: reviewed, on hand by claims, or both; the latest session first. These are the
-- rows that session_lists counts; sid is the opaque id of the session's page. rows_in_all: how many they are, whatever the page.
-- Rows: patients
-- $year integer: the year of the session
-- $only varchar[] optional: filters that keep, each key and each key=value
-- $never varchar[] optional: filters that leave out, each key=value
-- $service_type varchar optional: the kind of session
-- $seen_in varchar optional: both, reviewed (in the list alone) or claims (on hand and not reviewed)
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
        medicine.line,
        coalesce(medicine.ingredient, medicine.name) as ingredient,
        medicine.source,
        medicine.seen_in,
        medicine.last_fill_on,
        medicine.runs_out_on,
        medicine.indicated,
        medicine.effective,
        medicine.safe,
        medicine.adherent,
        medicine.decision,
        held.pharmacy_npi,
        pharmacy.name as pharmacy_name,
        patient.plan,
        held.data_source
    from mtm_session_medicine as medicine
    inner join mtm_session as held on medicine.session_no = held.session_no
    inner join patient on held.patient_no = patient.patient_no
    cross join run
    left join dispensing_pharmacy as pharmacy on held.pharmacy_npi = pharmacy.npi
    where held.status = 'completed'
        and year(held.held_on) = $year
        and ($service_type is null or held.service_type = $service_type)
        and ($seen_in is null or medicine.seen_in = $seen_in)
        and chosen_person(
            $only, $never, patient.plan, coalesce(held.contract_id, patient.contract_id), held.pharmacy_npi,
            patient.birth_date, run.as_of, patient.gender, patient.language, patient.zip_code
        )
)

select * exclude (session_no), (select count(*) from kept)::integer as rows_in_all
from kept
order by
    case when $days then held_on end desc,
    pid,
    case when $days then session_no else hash(session_no) end,
    line nulls last,
    ingredient
limit $rows offset $first
