-- One row for each recommendation identified by the as-of day: as loaded, whether it was accepted and answered, and what later claims show: of one that names a barrier
-- or supports adherence the days covered before and after the answer, of a change that claims verify what plan and patient pay a day more (in cents).
select
    patient.patient_id,
    fact.recommendation_id,
    fact.service_id,
    fact.service_type,
    fact.identified_date,
    fact.problem,
    fact.problem_detail,
    fact.action,
    fact.ndc_code,
    fact.ingredient,
    fact.new_ingredient,
    fact.recipient,
    fact.prescriber_npi,
    fact.channel,
    fact.sent_date,
    fact.response,
    fact.response_date,
    fact.days_to_response,
    fact.accepted,
    fact.answered,
    fact.decline_reason,
    fact.implemented,
    fact.implemented_date,
    fact.resolved,
    fact.resolved_date,
    fact.barrier,
    fact.strategy,
    fact.severity_level,
    fact.estimated_cost_avoidance,
    fact.rationale,
    fact.verified,
    fact.verified_by_claim_id,
    fact.verified_on,
    fact.age_days,
    around.window_days,
    around.covered_before,
    around.covered_after,
    cost.plan_cents,
    cost.patient_cents,
    fact.data_source
from recommendation_fact as fact
inner join patient on fact.patient_no = patient.patient_no
left join adherence_around_answer as around
    on fact.data_source is not distinct from around.data_source and fact.recommendation_id = around.recommendation_id
left join drug_cost_change as cost
    on fact.data_source is not distinct from cost.data_source and fact.recommendation_id = cost.recommendation_id
