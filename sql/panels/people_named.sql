-- One row: whether words hold the name of a person on file (first and last, either way round) or an id, so that nobody keeps them where many read.
-- Rows: reference
-- $words varchar: the words in small letters between single spaces
select count(*) > 0 as is_known
from patient
where contains($words, ' ' || lower(first_name) || ' ' || lower(last_name) || ' ')
    or contains($words, ' ' || lower(last_name) || ' ' || lower(first_name) || ' ')
    or contains($words, ' ' || lower(patient_id) || ' ')
    or contains($words, ' ' || pid || ' ')
