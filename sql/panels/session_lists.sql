-- One row: the medicines of one kind of completed session in a year that documented a list: in the list and on hand by claims, in the list alone, on hand by claims and not in the list.
-- Rows: counts
-- Cells: medicines = in_both + list_only + claims_only; medicines, patients, sessions stand alone; medicines, in_both, list_only, claims_only, sessions with patients
-- $year integer: the year
-- $only varchar[] optional: filters that keep, each key and each key=value
-- $never varchar[] optional: filters that leave out, each key=value
-- $service_type varchar: the kind of session
select
    count(*) as medicines,
    count(distinct held.patient_no) as patients,
    count(distinct held.session_no) as sessions,
    count(*) filter (where medicine.seen_in = 'both') as in_both,
    count(*) filter (where medicine.seen_in = 'reviewed') as list_only,
    count(*) filter (where medicine.seen_in = 'claims') as claims_only
from mtm_session as held
inner join patient on held.patient_no = patient.patient_no
cross join run
inner join mtm_session_medicine as medicine on held.session_no = medicine.session_no
where held.status = 'completed'
    and held.service_type = $service_type
    and year(held.held_on) = $year
    and chosen_person(
            $only, $never, patient.plan, coalesce(held.contract_id, patient.contract_id), held.pharmacy_npi,
            patient.birth_date, run.as_of, patient.gender, patient.language, patient.zip_code
        )
