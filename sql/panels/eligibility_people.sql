-- One row for each person with pharmacy coverage on the as-of day: programme, standing in MTM and why, and what the criteria saw. Whose medicines cost most a
-- year first.
-- Rows: patients
-- $standing varchar optional: one standing
-- $program varchar optional: one programme
-- $because varchar optional: one reason
-- $only varchar[] optional: filters that keep, each key and each key=value
-- $never varchar[] optional: filters that leave out, each key=value
-- $first integer: rows before the page
-- $rows integer optional: rows of the page; all of them when left out
select
    patient.pid,
    patient.patient_id,
    patient.first_name,
    patient.last_name,
    patient.phone,
    patient.do_not_contact,
    date_sub('year', patient.birth_date, run.as_of) as age,
    patient.plan,
    patient.contract_id,
    fact.pharmacy_npi,
    pharmacy.name as pharmacy_name,
    fact.program,
    fact.standing,
    fact.standing_because,
    fact.core_diseases,
    fact.diseases,
    fact.drugs,
    round(fact.annual_cost, 2) as annual_cost
from mtm_eligibility as fact
inner join patient on fact.patient_no = patient.patient_no
cross join run
left join dispensing_pharmacy as pharmacy on fact.pharmacy_npi = pharmacy.npi
where ($standing is null or fact.standing = $standing)
    and ($program is null or fact.program = $program)
    and ($because is null or fact.standing_because = $because)
    and chosen_person(
        $only, $never, patient.plan, patient.contract_id, fact.pharmacy_npi,
        patient.birth_date, run.as_of, patient.gender, patient.language, patient.zip_code
    )
order by fact.annual_cost desc nulls last, patient.pid
limit $rows offset $first
