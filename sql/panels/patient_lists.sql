-- One row for each review list that one patient is on, and why.
-- Rows: patients
-- $patient_no integer: the patient
select list, measure, reason, evidence, priority, due_on, state, since_on, subject, documented_by
from list_row
where patient_no = $patient_no
order by list, priority, measure
