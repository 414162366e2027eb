-- One row for each age of the recommendations of a year that nobody has answered: waiting, or said to have had no answer. is_judged: old enough (30 days) to
-- count in acceptance.
-- Rows: counts
-- Cells: unanswered = waiting + no_response; unanswered, patients add up by is_judged; unanswered, waiting, no_response with patients
-- $year integer: year in which the recommendation was identified
-- $only varchar[] optional: filters that keep, each key and each key=value
-- $never varchar[] optional: filters that leave out, each key=value
with kept as (
    select
        fact.patient_no,
        fact.response,
        case
            when fact.age_days < 30 then 1
            when fact.age_days < 60 then 2
            when fact.age_days < 90 then 3
            else 4
        end as place
    from recommendation_fact as fact
    inner join patient on fact.patient_no = patient.patient_no
    cross join run
    where year(fact.identified_date) = $year
        and chosen_person(
            $only, $never, patient.plan, coalesce(fact.contract_id, patient.contract_id), fact.pharmacy_npi,
            patient.birth_date, run.as_of, patient.gender, patient.language, patient.zip_code
        )
        and chosen_recommendation(
            $only, $never, fact.prescriber_npi, fact.problem, fact.action, fact.channel, fact.recipient, fact.response, fact.age_days,
            fact.verified, fact.service_type, fact.barrier, fact.severity_level, fact.sent_date, fact.resolved,
            fact.identified_date, fact.estimated_cost_avoidance, fact.problem_detail
        )
        and fact.response in ('pending', 'no_response')
)

select
    place,
    case place when 1 then 'under 30 days' when 2 then '30 to 59 days' when 3 then '60 to 89 days' else '90 days and more' end as age,
    place > 1 as is_judged,
    count(*) as unanswered,
    count(*) filter (where response = 'pending') as waiting,
    count(*) filter (where response = 'no_response') as no_response,
    count(distinct patient_no) as patients
from kept
group by place
order by place
