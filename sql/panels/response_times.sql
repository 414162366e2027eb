-- One row for each day after sending on which a recommendation of a year was answered: how many were still waiting before it, how many were answered on it, and
-- the share answered by then (Kaplan-Meier; unanswered ones leave on the as-of day). Answered before it was sent counts as day 0.
-- Rows: counts
-- Cells: waiting, answers, share, lower, upper, days are never told
-- $year integer: year in which the recommendation was identified
-- $only varchar[] optional: filters that keep, each key and each key=value
-- $never varchar[] optional: filters that leave out, each key=value
with kept as (
    select
        fact.answered as is_answered,
        answer_days(fact.response, fact.answered, fact.days_to_response, fact.age_days) as days
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
        and answer_days(fact.response, fact.answered, fact.days_to_response, fact.age_days) is not null
),

daily as (
    select
        days,
        count(*) as leaving,
        count(*) filter (where is_answered) as answers
    from kept
    group by days
),

running as (
    select
        days,
        answers,
        sum(leaving) over (order by days desc rows between unbounded preceding and current row) as waiting
    from daily
),

surviving as (
    select
        *,
        sum(case when answers < waiting then ln(1 - answers::double / waiting) else -50 end) over so_far as log_open,
        sum(case when answers < waiting then answers::double / (waiting * (waiting - answers)) else 0 end) over so_far as greenwood
    from running
    window so_far as (order by days rows between unbounded preceding and current row)
)

select
    days,
    waiting::bigint as waiting,
    answers,
    1 - exp(log_open) as share,
    greatest(0, 1 - exp(log_open) * (1 + 1.959963984540054 * sqrt(greenwood))) as lower,
    least(1, 1 - exp(log_open) * greatest(0, 1 - 1.959963984540054 * sqrt(greenwood))) as upper
from surviving
where answers > 0
order by days
