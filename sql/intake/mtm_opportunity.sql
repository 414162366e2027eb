-- What a plan or vendor asked for: one row for each opportunity.
-- Kind: events
-- Key: opportunity_id
-- Day: opened_on
-- Who: person_id
create table mtm_opportunity (
    opportunity_id varchar not null, -- the opportunity; without it: it cannot be told from its correction
    person_id varchar not null, -- the person; also: patient_id; without it: no opportunity can be given to a person
    source varchar, -- who asked
    problem varchar, -- what for
    ingredient varchar, -- the medicine
    pharmacy_npi varchar, -- the pharmacy
    opened_on date not null, -- day it opened; without it: no opportunity falls in any year
    expires_on date, -- last day it can be done
    status varchar constraint unknown_status check (status in ('open', 'in_progress', 'completed', 'expired', 'removed')), -- open, in_progress, completed, expired or removed
    service_id varchar, -- the session that did it
    data_source varchar, -- who sent it; the folder or --source when the file does not say
    constraint end_before_start check (expires_on >= opened_on) -- expires_on is not before opened_on
);
