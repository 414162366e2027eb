-- One row for each span of a person's roster, cut at death; absent coverage flags mean covered.
select
    person.patient_no,
    eligibility.enrollment_start_date as from_on,
    least(eligibility.enrollment_end_date, coalesce(patient.death_date, eligibility.enrollment_end_date)) as to_on,
    coalesce(eligibility.pharmacy_coverage, true) as pharmacy_coverage,
    coalesce(eligibility.medical_coverage, true) as medical_coverage,
    eligibility.plan,
    eligibility.contract_id,
    eligibility.medicare_status_code,
    eligibility.data_source,
    eligibility.load_id
from eligibility
inner join person on eligibility.person_id = person.patient_id
inner join patient on person.patient_no = patient.patient_no
where patient.death_date is null or eligibility.enrollment_start_date <= patient.death_date
order by person.patient_no, from_on
