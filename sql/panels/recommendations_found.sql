-- One row: how many recommendations and patients the table of recommendations has, whatever the page.
-- Rows: counts
-- Cells: recommendations, patients stand alone; recommendations with patients
-- $year integer: year in which the recommendation was identified
-- $only varchar[] optional: filters that keep, each key and each key=value
-- $never varchar[] optional: filters that leave out, each key=value
-- $open boolean optional: only those nobody has answered (true) or those answered (false)
-- $decline varchar optional: only those declined for a reason, in the word that decline_reasons shows for it; not_stated for none given
with fitting as (
    select fact.patient_no, fact.response, fact.decline_reason
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
            fact.identified_date, fact.estimated_cost_avoidance
        )
),

decline_word as (
    select lower(trim(decline_reason)) as told, min(trim(decline_reason)) as word
    from fitting
    where response = 'declined' and trim(decline_reason) <> ''
    group by told
    having count(distinct patient_no) >= 3
)

select
    count(*) as recommendations,
    count(distinct fact.patient_no) as patients
from fitting as fact
left join decline_word on lower(trim(fact.decline_reason)) = decline_word.told
where ($open is null or $open = (fact.response in ('pending', 'no_response')))
    and ($decline is null or (fact.response = 'declined' and shown_word(decline_word.word, fact.decline_reason) = $decline))
