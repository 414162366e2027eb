-- What was found and proposed: one row for each problem and its recommendation.
-- Kind: events
-- Key: recommendation_id
-- Day: identified_date
-- Who: person_id
create table mtm_recommendation (
    recommendation_id varchar not null, -- the recommendation; without it: it cannot be told from its correction
    service_id varchar, -- the session
    person_id varchar not null, -- the person; also: patient_id; without it: no recommendation can be given to a person
    identified_date date not null, -- the day it was found; without it: no recommendation falls in any year
    problem varchar not null, -- one of: needs_therapy, unnecessary_therapy, ineffective_drug, dose_too_low, needs_monitoring, adverse_event, dose_too_high, adherence, cost; without it: no problem can be counted
    problem_detail varchar, -- duplication, interaction, gap_in_therapy, ...
    action varchar not null, -- one of: start, stop, change_drug, increase_dose, decrease_dose, change_schedule, monitor, educate, adherence_support, reduce_cost, extend_supply, immunize; without it: nothing proposed can be verified
    ndc_code varchar, -- National Drug Code
    ingredient varchar, -- the medicine it is about
    new_ingredient varchar, -- the medicine proposed instead
    recipient varchar not null, -- one of: prescriber, patient, both; without it: acceptance by prescribers cannot be computed
    prescriber_npi varchar, -- the prescriber
    channel varchar, -- fax, phone, message, ...
    sent_date date, -- day it was sent
    response varchar not null constraint unknown_status check (response in ('accepted', 'modified', 'declined', 'no_response', 'pending', 'unable_to_reach', 'withdrawn')), -- accepted, modified, declined, no_response, pending, unable_to_reach or withdrawn; without it: no acceptance rate can be computed
    response_date date, -- day of the answer
    decline_reason varchar, -- why it was declined
    implemented varchar, -- one of: yes, partly, no, unknown
    implemented_date date, -- day it was done
    resolved varchar, -- one of: yes, partly, no, unknown
    resolved_date date, -- day the problem was solved
    barrier varchar, -- one of: cost, side_effects, forgets, beliefs, access, understanding, other
    strategy varchar, -- what was agreed
    severity_level integer, -- 1 adherence support to 7 life-threatening; one of: 1, 2, 3, 4, 5, 6, 7
    estimated_cost_avoidance decimal(18, 4), -- the pharmacist's own estimate
    rationale varchar, -- free text
    data_source varchar -- who sent it; the folder or --source when the file does not say
);
