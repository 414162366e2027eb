-- One row for each level of severity that pharmacists gave to recommendations of a year, with what they estimated as avoided cost: their own estimate, and no part of any money from claims.
-- Rows: counts
-- Cells: recommendations = with_estimate + ~without; recommendations, patients add up; recommendations, with_estimate with patients; estimated is never told;
--   few accepted_ever less accepted of acceptance hide recommendations
-- $year integer: the year
-- $only varchar[] optional: filters that keep, each key and each key=value
-- $never varchar[] optional: filters that leave out, each key=value
select
    fact.severity_level,
    count(*) as recommendations,
    count(distinct fact.patient_no) as patients,
    count(fact.estimated_cost_avoidance) as with_estimate,
    sum(fact.estimated_cost_avoidance)::double as estimated
from recommendation_fact as fact
inner join patient on fact.patient_no = patient.patient_no
cross join run
where year(fact.identified_date) = $year
    and fact.accepted
    and chosen_person(
            $only, $never, patient.plan, coalesce(fact.contract_id, patient.contract_id), fact.pharmacy_npi,
            patient.birth_date, run.as_of, patient.gender, patient.language, patient.zip_code
        )
    and chosen_recommendation(
            $only, $never, fact.prescriber_npi, fact.problem, fact.action, fact.channel, fact.recipient, fact.response, fact.age_days,
            fact.verified, fact.service_type, fact.barrier, fact.severity_level, fact.sent_date, fact.resolved,
            fact.identified_date, fact.estimated_cost_avoidance, fact.problem_detail
        )
group by fact.severity_level
order by fact.severity_level nulls last
