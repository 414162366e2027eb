-- One row for each recommendation of one patient, the newest first, and what became of it.
-- Rows: patients
-- $patient_no integer: the patient
select
    fact.recommendation_id,
    fact.service_id,
    fact.identified_date,
    fact.problem,
    fact.problem_detail,
    fact.action,
    fact.ingredient,
    fact.new_ingredient,
    fact.recipient,
    fact.prescriber_npi,
    fact.sent_date,
    fact.response,
    fact.response_date,
    fact.decline_reason,
    fact.resolved,
    fact.resolved_date,
    fact.verified,
    fact.verified_by_claim_id,
    fact.verified_on
from recommendation_fact as fact
where fact.patient_no = $patient_no
order by fact.identified_date desc, fact.recommendation_id
