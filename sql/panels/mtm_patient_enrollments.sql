-- One row for each enrolment of one patient in MTM and each year of it: whether the review was held.
-- Rows: patients
-- $patient_no integer: the patient
select
    program,
    contract_id,
    year,
    in_denominator,
    excluded_because,
    completed,
    enrolled_days,
    starts_on as from_on,
    (ends_before - 1)::date as to_on,
    offered_on,
    first_cmr_on,
    days_to_cmr,
    summary_days
from cmr_fact
where patient_no = $patient_no
order by year desc, program, contract_id
