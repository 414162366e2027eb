-- What was dispensed: one row for each line of a prescription drug claim.
-- Kind: events
-- Key: claim_id, claim_line_number
-- Day: dispensing_date
-- Who: person_id
create table pharmacy_claim (
    claim_id varchar not null, -- the claim; without it: a claim cannot be told from its correction
    claim_line_number integer default 1, -- the line of the claim
    person_id varchar not null, -- the person; also: patient_id; without it: no fill can be given to a person
    member_id varchar, -- the plan's own number for the person
    payer varchar, -- who pays
    plan varchar, -- the plan
    prescribing_provider_npi varchar, -- who prescribed; also: prescribing_provider_id
    dispensing_provider_npi varchar, -- the pharmacy; also: dispensing_provider_id
    dispensing_date date not null, -- the day of service; without it: no day can be covered
    ndc_code varchar not null constraint malformed_ndc check (regexp_full_match(replace(ndc_code, '-', ''), '[0-9]{9,11}')), -- National Drug Code, with or without dashes; without it: no drug can be known
    quantity decimal(18, 4), -- units dispensed
    days_supply integer not null constraint days_supply_out_of_range check (days_supply between 1 and 366), -- days it lasts; without it: no adherence can be computed
    refills integer, -- fill number: 0 for the first
    paid_date date, -- day the claim was paid
    paid_amount decimal(18, 4), -- paid by the plan
    allowed_amount decimal(18, 4), -- allowed
    charge_amount decimal(18, 4), -- charged
    coinsurance_amount decimal(18, 4), -- coinsurance
    copayment_amount decimal(18, 4), -- copayment
    deductible_amount decimal(18, 4), -- deductible
    in_network_flag boolean, -- the pharmacy is in the network
    data_source varchar, -- who sent it; the folder or --source when the file does not say
    claim_status varchar default 'paid' constraint unknown_status check (claim_status in ('paid', 'reversed', 'adjusted', 'denied')), -- paid, reversed, adjusted or denied; paid when absent
    original_claim_id varchar, -- the claim that this one reverses or adjusts
    received_date date, -- day this version was received: the latest is current
    prescription_number varchar, -- the pharmacy's prescription number
    refills_remaining integer, -- refills left after this fill
    sold_date date, -- day it was picked up (information)
    drug_coverage_status varchar -- C covered, E enhanced, O over the counter; one of: C, E, O
);
