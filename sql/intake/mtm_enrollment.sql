-- Who is in an MTM programme, from when to when: one row for each enrolment.
-- Kind: roster
-- Who: person_id
create table mtm_enrollment (
    person_id varchar not null, -- the person; also: patient_id; without it: nobody can be followed
    contract_id varchar, -- the plan's CMS contract
    program varchar not null, -- one of: part_d, medicaid, commercial, other; without it: no programme's rate can be computed
    enrollment_date date not null, -- first day in the programme; without it: no completion rate can be computed
    met_criteria_date date, -- day the criteria were met
    targeting_reason varchar, -- 01 criteria, 02 drug management, 03 both, 04 none; one of: 01, 02, 03, 04
    opt_out_date date, -- day of opting out (exclusive)
    opt_out_reason varchar, -- 01 death, 02 disenrolment, 03 request, 99 other; one of: 01, 02, 03, 99
    cognitively_impaired boolean, -- at the time of the review
    ltc_resident boolean, -- in long-term care
    cmr_offered_date date, -- day the review was offered
    cmr_offer_channel varchar, -- how it was offered
    data_source varchar, -- who sent it; the folder or --source when the file does not say
    constraint end_before_start check (opt_out_date >= enrollment_date) -- opt_out_date is not before enrollment_date
);
