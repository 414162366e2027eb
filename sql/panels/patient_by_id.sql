-- One row for each person with this id as loaded; none when nobody has it.
-- Rows: keys
-- $patient_id varchar: the id as it stands in the files
select pid
from patient
where patient_id = $patient_id
