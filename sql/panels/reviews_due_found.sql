-- One row: how many people can still have the review that CMR completion counts, and how many of them have a phone number.
-- Rows: counts
-- Cells: rows, patients stand alone; rows with patients; patients = with_phone + ~without_phone;
--   few can_still, rows less can_still of review_pace where month is 0 hide rows
-- $year integer: measurement year
-- $only varchar[] optional: filters that keep, each key and each key=value
-- $never varchar[] optional: filters that leave out, each key=value
select
    count(*) as rows,
    count(distinct fact.patient_no) as patients,
    count(distinct case when patient.phone is not null then fact.patient_no end) as with_phone
from cmr_fact as fact
inner join patient on fact.patient_no = patient.patient_no
cross join run
where fact.year = $year
    and fact.in_denominator
    and not fact.completed
    and fact.ends_before - 1 > run.as_of
    and (patient.death_date is null or patient.death_date > run.as_of)
    and chosen_person(
        $only, $never, fact.plan, fact.contract_id, fact.pharmacy_npi,
        patient.birth_date, run.as_of, patient.gender, patient.language, patient.zip_code
    )
