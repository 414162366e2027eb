-- One row for one MTM session of one patient, counted from the patient's first, by the ids that other panels take; none when there is no such session.
-- Rows: keys
-- $patient_no integer: the patient
-- $number integer: the session, counted from the patient's first
select service_id, data_source
from mtm_session
where patient_no = $patient_no and patient_session_no = $number
