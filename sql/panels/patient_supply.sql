-- One row for each fill that counts for a measure of one patient in one year, as dispensed and as counted.
-- $patient_id varchar: the patient's id as loaded
-- $year integer: measurement year
select
    measure,
    claim_id,
    ingredient,
    dispensed_on,
    days_supply,
    counted_from,
    counted_to,
    source_file,
    source_line,
    load_id
from supply
where patient_id = $patient_id and year = $year
order by measure, dispensed_on, claim_id, ingredient
