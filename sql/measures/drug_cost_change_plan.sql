-- Title: Change in what the plan pays for the medicine
-- Topic: MTM
-- Question: Where claims show that an accepted recommendation was done, how did what the plan pays a day for that medicine change?
-- Counts: Recommendations that claims verify: start, stop, another medicine, dose, cheaper, longer supply.
-- Denominator: Such recommendations identified in the year whose fills before and after name what the plan paid.
-- Numerator: Cents a day after it, less cents a day before it; below zero is less. A medicine started cost nothing before, one stopped nothing after.
-- Left out: No fill of the medicine in the year before the answer, no claim after it, or no paid amount on one of them.
-- Unit: cents a day
-- Better: lower
-- Source: This program's own; the claims are those that verify the recommendation
-- Limits: One medicine, not the patient's whole cost: a started medicine always costs more. Nothing else of the patient's care is in it, and it is never added to
--   the pharmacist's own estimates. Before and after are one fill each.
select
    'drug_cost_change_plan' as measure,
    fact.year,
    patient.patient_id,
    fact.recommendation_id as subject_id,
    (fact.left_out_because is null and fact.plan_cents is not null)::integer as denominator,
    case when fact.left_out_because is null then coalesce(fact.plan_cents, 0) else 0 end::integer as numerator,
    coalesce(fact.left_out_because, case when fact.plan_cents is null then 'no_price' end) as excluded_because,
    fact.plan_cents::double as value,
    fact.action || ': ' || coalesce(fact.plan_cents || ' cents a day', 'not computable') as evidence,
    patient.plan,
    fact.contract_id,
    fact.pharmacy_npi,
    fact.prescriber_npi,
    'cents a day' as unit
from drug_cost_change as fact
inner join patient on fact.patient_no = patient.patient_no
