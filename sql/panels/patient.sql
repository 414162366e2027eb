-- One row for the person with this opaque id; none when nobody has it.
-- Rows: patients
-- $pid varchar: the opaque id of the address
select
    patient_id,
    pid,
    first_name,
    last_name,
    birth_date,
    age,
    death_date,
    gender,
    phone,
    phone is not null as has_phone,
    best_time,
    language,
    do_not_contact,
    plan,
    payer,
    contract_id,
    city,
    state,
    zip_code,
    on_roster
from patient
where pid = $pid
