-- One row for each recommendation of a year, the oldest without an answer first, then the newest.
-- Rows: patients
-- $year integer: the year
-- $problem varchar optional: the problem
-- $action varchar optional: the action
-- $response varchar optional: the response
-- $verified varchar optional: yes, no, too_early or not_checkable
-- $service_type varchar optional: the kind of session
-- $prescriber varchar optional: the prescriber, by NPI
-- $young boolean optional: only those under 30 days old, or only the others
-- $program varchar optional: part_d, medicaid, commercial or other
-- $contracts varchar[] optional: contracts
-- $plans varchar[] optional: plans
-- $pharmacies varchar[] optional: pharmacies, by NPI
-- $first integer: rows before the page
-- $rows integer optional: rows of the page; all of them when left out
select
    patient.patient_no,
    patient.patient_id,
    patient.pid,
    patient.first_name,
    patient.last_name,
    fact.recommendation_id,
    fact.service_id,
    fact.service_type,
    fact.program,
    fact.identified_date,
    fact.problem,
    fact.problem_detail,
    fact.action,
    fact.ingredient,
    fact.new_ingredient,
    fact.recipient,
    fact.prescriber_npi,
    prescriber.name as prescriber_name,
    fact.channel,
    fact.sent_date,
    fact.response,
    fact.response_date,
    fact.days_to_response,
    fact.age_days,
    fact.accepted,
    fact.answered,
    fact.decline_reason,
    fact.resolved,
    fact.resolved_date,
    fact.barrier,
    fact.strategy,
    fact.severity_level,
    fact.estimated_cost_avoidance,
    fact.verified,
    fact.verified_by_claim_id,
    fact.verified_on,
    fact.window_to_on,
    fact.pharmacy_npi,
    fact.data_source,
    fact.source_file,
    fact.source_line,
    fact.load_id
from recommendation_fact as fact
inner join patient on fact.patient_no = patient.patient_no
left join prescriber on fact.prescriber_npi = prescriber.npi
where year(fact.identified_date) = $year
    and ($problem is null or fact.problem = $problem)
    and ($action is null or fact.action = $action)
    and ($response is null or fact.response = $response)
    and ($verified is null or fact.verified = $verified)
    and ($service_type is null or fact.service_type = $service_type)
    and ($prescriber is null or fact.prescriber_npi = $prescriber)
    and ($young is null or (fact.age_days < 30) = $young)
    and ($program is null or fact.program = $program)
    and ($contracts is null or list_contains($contracts, fact.contract_id))
    and ($plans is null or list_contains($plans, patient.plan))
    and ($pharmacies is null or list_contains($pharmacies, fact.pharmacy_npi))
order by
    fact.answered or fact.response in ('unable_to_reach', 'withdrawn'),
    case when fact.answered then -fact.age_days else fact.age_days end desc,
    fact.identified_date desc,
    fact.recommendation_id
limit coalesce($rows, 2147483647) offset $first
