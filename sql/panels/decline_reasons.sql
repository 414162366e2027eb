-- One row for each reason for which recommendations of a year were declined. A reason in somebody's own words, given of fewer than 3 patients of the year, stands under
-- 'in other words' (it may name somebody); one that was not given is null.
-- Rows: counts
-- Cells: recommendations, patients add up; recommendations with patients;
--   few declined_ever less declined of acceptance hide recommendations; hidden rows last by decline_word
-- $year integer: year in which the recommendation was identified
-- $only varchar[] optional: filters that keep, each key and each key=value
-- $never varchar[] optional: filters that leave out, each key=value
with declined_word as (
    select lower(trim(decline_reason)) as told, min(trim(decline_reason)) as word
    from recommendation_fact
    where year(identified_date) = $year and response = 'declined' and trim(decline_reason) <> ''
    group by told
    having count(distinct patient_no) >= 3
),

shown as (
    select
        fact.patient_no,
        nullif(shown_word(declined_word.word, fact.decline_reason), 'not_stated') as decline_word
    from recommendation_fact as fact
    inner join patient on fact.patient_no = patient.patient_no
    cross join run
    left join declined_word on lower(trim(fact.decline_reason)) = declined_word.told
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
        and fact.response = 'declined'
)

select
    decline_word,
    count(*) as recommendations,
    count(distinct patient_no) as patients
from shown
group by decline_word
order by recommendations desc, decline_word
