-- One row for each fill that counts for a measure of one patient in one year, as dispensed and as counted.
-- Rows: patients
-- Index day: index_day
-- $patient_no integer: the patient
-- $patient_id varchar: the patient's id as loaded
-- $year integer: measurement year
with index_day as (
    select min(index_date) as index_day
    from adherence_fact
    where patient_no = $patient_no and year = $year
)

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
    load_id,
    index_day
from supply
cross join index_day
where patient_id = $patient_id and year = $year
order by measure, dispensed_on, claim_id, ingredient
