-- One row for the person with this opaque id, by the numbers that other panels take; none when nobody has it.
-- Rows: keys
-- $pid varchar: the opaque id of the address
select patient_no, patient_id
from patient
where pid = $pid
