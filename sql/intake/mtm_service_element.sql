-- What a session documented: one row for each element, and several where the session wrote several.
-- Kind: events
create table mtm_service_element (
    service_id varchar not null, -- the session; without it: no element can be given to a session
    element varchar not null, -- one of: medical_history, medication_list, otc_and_supplements, allergies, lab_results, objectives, indication_reviewed, effectiveness_reviewed, safety_reviewed, adherence_reviewed, problems, education, understanding_checked, schedule_simplified, adherence_strategy, monitoring_plan, goals, goal_met, action_plan, follow_up_plan, team_communication; without it: nothing documented can be shown
    state varchar not null constraint unknown_status check (state in ('yes', 'no', 'not_applicable')), -- yes, no or not_applicable; without it: nothing documented can be shown
    code varchar, -- a code for it
    value varchar, -- its value
    data_source varchar -- who sent it; the folder or --source when the file does not say
);
