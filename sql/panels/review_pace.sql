-- One row for each month of a year: people counted in CMR completion whose first review fell in it. Month 0 stands for those without a review:
-- can_still are those, alive, whose enrolment goes on after the as-of day.
-- Rows: counts
-- Cells: rows, patients add up; rows = can_still + ~ended; rows, can_still with patients;
--   few numerator, denominator less numerator of review_measures where measure is cmr_completion hide rows
-- $year integer: measurement year
-- $only varchar[] optional: filters that keep, each key and each key=value
-- $never varchar[] optional: filters that leave out, each key=value
select
    coalesce(month(fact.first_cmr_on), 0)::integer as month,
    count(*) as rows,
    count(*) filter (
        where not fact.completed and fact.ends_before - 1 > run.as_of and (patient.death_date is null or patient.death_date > run.as_of)
    ) as can_still,
    count(distinct fact.patient_no) as patients
from cmr_fact as fact
inner join patient on fact.patient_no = patient.patient_no
cross join run
where fact.year = $year
    and fact.in_denominator
    and chosen_person(
        $only, $never, fact.plan, fact.contract_id, fact.pharmacy_npi,
        patient.birth_date, run.as_of, patient.gender, patient.language, patient.zip_code
    )
group by month(fact.first_cmr_on)
order by month
