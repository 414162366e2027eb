-- One row for each hospital or nursing facility stay of one patient; both ends are days of the stay.
-- $patient_no integer: the patient
select from_on, to_on, kind
from stay_span
where patient_no = $patient_no
order by from_on
