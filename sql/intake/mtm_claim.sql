-- What was billed for MTM: one row for each line of a claim for a service.
-- Kind: events
-- Key: claim_id, claim_line_number
-- Day: service_date
-- Who: person_id
create table mtm_claim (
    claim_id varchar not null, -- the claim; without it: a claim cannot be told from its correction
    claim_line_number integer not null, -- the line of the claim; without it: the lines of a claim cannot be told apart
    person_id varchar not null, -- the person; also: patient_id; without it: no claim can be given to a person
    service_id varchar, -- the session it bills
    payer varchar, -- who pays
    plan varchar, -- the plan
    program varchar, -- one of: part_d, medicaid, commercial, other
    service_date date not null, -- the day; without it: no claim can be matched to its session
    procedure_code varchar not null, -- what was billed; without it: no fee can be checked; kept: without dots
    modifier varchar, -- modifier
    units decimal(18, 4) not null, -- units; without it: no time can be checked
    pharmacist_npi varchar, -- who did it
    pharmacy_npi varchar, -- the pharmacy
    place_of_service_code varchar, -- place of service, CMS
    diagnosis_code varchar, -- diagnosis; kept: without dots
    billed_amount decimal(18, 4), -- billed
    allowed_amount decimal(18, 4), -- allowed
    paid_amount decimal(18, 4) not null, -- paid; without it: no amount at risk can be computed
    patient_paid_amount decimal(18, 4), -- paid by the patient
    claim_status varchar not null constraint unknown_status check (claim_status in ('paid', 'denied', 'reversed', 'pending')), -- paid, denied, reversed or pending; without it: paid claims cannot be told from denied ones
    denial_reason varchar, -- why it was denied
    original_claim_id varchar, -- the claim that this one reverses
    submitted_date date, -- day it was sent
    paid_date date, -- day it was paid
    claim_format varchar, -- one of: 837p, ncpdp
    reason_for_service varchar, -- NCPDP 439-E4
    professional_service varchar, -- NCPDP 440-E5
    result_of_service varchar, -- NCPDP 441-E6
    level_of_effort varchar, -- NCPDP 474-8E
    approval_number varchar, -- prior approval
    data_source varchar -- who sent it; the folder or --source when the file does not say
);
