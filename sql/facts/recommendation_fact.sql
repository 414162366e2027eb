-- One row for each recommendation identified by the as-of day, as loaded, with the patient's session it was made in (session_no), and what later claims show of those that were
-- accepted (recommendation_verified); verified is null for the others. about, proposed: the ingredients of the medicine it is about (of its NDC where none
-- is written) and of the one proposed, by the names of the drug tables, joined by "; ". tells_sending, tells_outcome: its source says of any recommendation when it was sent, and whether it was implemented or resolved.
with telling as (
    select
        data_source,
        bool_or(sent_date is not null) as tells_sending,
        bool_or(implemented in ('yes', 'partly', 'no') or resolved in ('yes', 'partly', 'no')) as tells_outcome
    from mtm_recommendation
    group by data_source
)

select
    person.patient_no,
    recommendation.recommendation_id,
    recommendation.service_id,
    recommendation.identified_date,
    recommendation.problem,
    recommendation.problem_detail,
    recommendation.action,
    recommendation.ndc_code,
    recommendation.ingredient,
    recommendation.new_ingredient,
    coalesce(named.text, array_to_string(drug.ingredients, '; ')) as about,
    named_new.text as proposed,
    recommendation.recipient,
    recommendation.prescriber_npi,
    recommendation.channel,
    recommendation.sent_date,
    recommendation.response,
    recommendation.response_date,
    recommendation.decline_reason,
    recommendation.implemented,
    recommendation.implemented_date,
    recommendation.resolved,
    recommendation.resolved_date,
    recommendation.barrier,
    recommendation.strategy,
    recommendation.severity_level,
    recommendation.estimated_cost_avoidance,
    recommendation.rationale,
    recommendation.data_source,
    session.session_no,
    session.service_type,
    session.program,
    session.contract_id,
    session.provider_npi,
    session.pharmacy_npi,
    (recommendation.response_date - coalesce(recommendation.sent_date, recommendation.identified_date))::integer as days_to_response,
    recommendation.response in ('accepted', 'modified') as accepted,
    recommendation.response in ('accepted', 'modified', 'declined') as answered,
    coalesce(recommendation.sent_date, recommendation.identified_date) as made_on,
    (run.as_of - made_on)::integer as age_days,
    telling.tells_sending,
    coalesce(telling.tells_outcome, false) as tells_outcome,
    verified.verified,
    verified.verified_by_claim_id,
    verified.verified_on,
    verified.window_to_on,
    recommendation.source_file,
    recommendation.source_line,
    recommendation.load_id
from mtm_recommendation as recommendation
inner join person on recommendation.person_id = person.patient_id
inner join telling on recommendation.data_source is not distinct from telling.data_source
left join drug on recommendation.ndc_code = drug.ndc_code
left join named_medicine as named on lower(trim(recommendation.ingredient)) = named.written
left join named_medicine as named_new on lower(trim(recommendation.new_ingredient)) = named_new.written
left join recommendation_verified as verified
    on recommendation.data_source is not distinct from verified.data_source and recommendation.recommendation_id = verified.recommendation_id
left join mtm_session as session
    on recommendation.data_source is not distinct from session.data_source
    and recommendation.service_id = session.service_id
    and person.patient_no = session.patient_no
inner join run on recommendation.identified_date <= run.as_of
