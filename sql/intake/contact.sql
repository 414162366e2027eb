-- How a person wants to be reached: one row for each.
-- Kind: roster
-- Who: person_id
create table contact (
    person_id varchar not null, -- the person; also: patient_id; without it: nobody can be followed
    phone varchar, -- phone
    best_time varchar, -- when to call
    language varchar, -- preferred language
    do_not_contact boolean, -- asked not to be contacted
    consent_to_text boolean, -- may be texted
    caregiver_name varchar, -- caregiver
    caregiver_phone varchar, -- caregiver's phone
    caregiver_authorized boolean, -- the caregiver may speak for the person
    data_source varchar -- who sent it; the folder or --source when the file does not say
);
