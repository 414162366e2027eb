-- One row: how many recommendations and patients the table of recommendations has, whatever the page.
-- Rows: counts
-- Cells: recommendations, patients stand alone; recommendations with patients
-- $year integer: year in which the recommendation was identified
-- $only varchar[] optional: filters that keep, each key and each key=value
-- $never varchar[] optional: filters that leave out, each key=value
-- $open boolean optional: only those nobody has answered (true) or those answered (false)
select
    count(*) as recommendations,
    count(distinct fact.patient_no) as patients
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
            fact.verified, fact.service_type, fact.barrier
    )
    and ($open is null or $open = (fact.response in ('pending', 'no_response')))
