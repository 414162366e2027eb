-- One row for each person in any table given, numbered by id: patient_no is the number that every other fact uses.
with person as (
    select person_id from eligibility
    union
    select person_id from pharmacy_claim
    union
    select person_id from medical_claim
    union
    select person_id from lab_result
    union
    select person_id from mtm_enrollment
    union
    select person_id from mtm_service
    union
    select person_id from mtm_recommendation
    union
    select person_id from mtm_opportunity
    union
    select person_id from mtm_claim
    union
    select person_id from contact
)

select
    row_number() over (order by person_id)::integer as patient_no,
    person_id as patient_id
from person
where person_id is not null
order by patient_no
