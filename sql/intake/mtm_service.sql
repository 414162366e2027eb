-- What the programme did or tried to do: one row for each session or attempt.
-- Kind: events
-- Key: service_id
-- Day: service_date
-- Who: person_id
create table mtm_service (
    service_id varchar not null, -- the session; without it: a session cannot be told from its correction
    person_id varchar not null, -- the person; also: patient_id; without it: no session can be given to a person
    contract_id varchar, -- the plan's CMS contract
    program varchar, -- one of: part_d, medicaid, commercial, other
    service_type varchar not null, -- one of: cmr, tmr, follow_up, adherence, prescriber_consult, education, immunization, anticoagulation, wellness, transition_of_care, other; without it: no completion rate can be computed
    service_date date not null, -- the day; without it: no session falls in any year
    status varchar not null constraint unknown_status check (status in ('completed', 'refused', 'unable_to_reach', 'no_show', 'scheduled')), -- completed, refused, unable_to_reach, no_show or scheduled; without it: nothing can be counted as completed
    status_reason varchar, -- why
    delivery_method varchar, -- 01 face to face, 02 telephone, 03 telehealth, 99 other; one of: 01, 02, 03, 99
    setting varchar, -- one of: community_pharmacy, clinic, hospital, long_term_care, home, call_center
    provider_type varchar, -- pharmacist, technician, nurse, ...
    provider_npi varchar, -- who did it
    pharmacy_npi varchar, -- the pharmacy
    recipient varchar, -- 01 beneficiary, 02 prescriber, 03 caregiver, 04 other; one of: 01, 02, 03, 04
    start_time timestamp, -- when it began: a time of the day or an instant
    end_time timestamp, -- when it ended
    minutes decimal(18, 4), -- minutes with the patient
    medications_reviewed integer, -- medicines reviewed
    summary_sent_date date, -- day the written summary went out
    summary_standard_format boolean, -- the summary is in the CMS standard format
    prescriber_plan_sent_date date, -- day the plan went to the prescriber
    consent_date date, -- day of consent
    approval_number varchar, -- prior approval
    language varchar, -- language of the session
    follow_up_of varchar, -- the session this one follows (service_id)
    follow_up_due_date date, -- day the next one is due
    documented_at timestamp, -- when it was written down
    last_edited_at timestamp, -- when it was last changed
    note varchar, -- free text
    data_source varchar, -- who sent it; the folder or --source when the file does not say
    constraint end_before_start check (end_time >= start_time) -- end_time is not before start_time
);
