-- One row for each month of the year and the year before in which recommendations were identified: how many were made (30 days old or older, neither withdrawn
-- nor addressed to somebody who could not be reached), and accepted. is_open says that some of the month are younger than 30 days: it is not judged yet.
-- Rows: counts
-- Cells: made, accepted, patients are never told
-- $year integer: year in which the recommendation was identified
-- $only varchar[] optional: filters that keep, each key and each key=value
-- $never varchar[] optional: filters that leave out, each key=value
with kept as (
    select
        fact.*,
        fact.response not in ('unable_to_reach', 'withdrawn') as is_asked
    from recommendation_fact as fact
    inner join patient on fact.patient_no = patient.patient_no
    cross join run
    where year(fact.identified_date) between $year - 1 and $year
        and chosen_person(
            $only, $never, patient.plan, coalesce(fact.contract_id, patient.contract_id), fact.pharmacy_npi,
            patient.birth_date, run.as_of, patient.gender, patient.language, patient.zip_code
        )
        and chosen_recommendation(
            $only, $never, fact.prescriber_npi, fact.problem, fact.action, fact.channel, fact.recipient, fact.response, fact.age_days,
            fact.verified, fact.service_type, fact.barrier, fact.severity_level, fact.sent_date, fact.resolved,
            fact.identified_date, fact.estimated_cost_avoidance, fact.problem_detail
        )
)

select
    strftime(identified_date, '%Y-%m') as period,
    bool_or(age_days < 30) as is_open,
    count(distinct patient_no) filter (where is_asked and age_days >= 30) as patients,
    count(*) filter (where is_asked and age_days >= 30) as made,
    count(*) filter (where is_asked and age_days >= 30 and accepted) as accepted
from kept
group by period
order by period
