-- One row for each programme, standing in MTM (eligible or not, enrolled or not) and reason for it, of the people with pharmacy coverage on the as-of day, with
-- the programme's criteria of that day's year. Reasons: those of standing_because in sql/facts/mtm_eligibility.sql.
-- Rows: counts
-- Cells: patients add up by is_eligible
-- $only varchar[] optional: filters that keep, each key and each key=value
-- $never varchar[] optional: filters that leave out, each key=value
select
    fact.program,
    fact.standing,
    fact.standing_because,
    fact.is_eligible,
    fact.year,
    any_value(fact.least_diseases) as least_diseases,
    any_value(fact.least_drugs) as least_drugs,
    any_value(fact.least_cost) as least_cost,
    count(*) as patients
from mtm_eligibility as fact
inner join patient on fact.patient_no = patient.patient_no
cross join run
where chosen_person(
    $only, $never, patient.plan, patient.contract_id, fact.pharmacy_npi,
    patient.birth_date, run.as_of, patient.gender, patient.language, patient.zip_code
)
group by fact.program, fact.standing, fact.standing_because, fact.is_eligible, fact.year
order by fact.program, fact.standing, fact.standing_because
