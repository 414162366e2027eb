-- One row for each kind of problem that recommendations of the last year document and no list of claims looks for.
-- Rows: counts
-- Cells: recommendations, patients add up; recommendations with patients
-- $only varchar[] optional: filters that keep, each key and each key=value
-- $never varchar[] optional: filters that leave out, each key=value
select
    fact.problem,
    count(*) as recommendations,
    count(distinct fact.patient_no) as patients
from recommendation_fact as fact
inner join run on fact.identified_date > run.as_of - 365
inner join patient on fact.patient_no = patient.patient_no
left join (select distinct data_source, recommendation_id from documented_problem) as documented
    on fact.data_source is not distinct from documented.data_source and fact.recommendation_id = documented.recommendation_id
where fact.response <> 'withdrawn'
    and documented.recommendation_id is null
    and chosen_person(
        $only, $never, patient.plan, patient.contract_id, fact.pharmacy_npi,
        patient.birth_date, run.as_of, patient.gender, patient.language, patient.zip_code
    )
group by fact.problem
order by fact.problem
