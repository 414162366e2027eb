-- One row for each span of coverage of one patient; both ends are covered.
-- Rows: patients
-- $patient_no integer: the patient
select coverage, from_on, to_on
from enrollment_span
where patient_no = $patient_no
order by coverage, from_on
