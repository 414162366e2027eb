-- One row for each patient whom a list of problems may hold: alive on the as-of day and not asking to be left alone; with the age on 1 January of its year,
-- hospice care in that year, and the pharmacy of the last fill in the year before the as-of day.
with filled as (
    select seen.patient_no, arg_max(seen.pharmacy_npi, seen.year) as pharmacy_npi
    from pharmacy_year as seen
    inner join run on seen.is_last and seen.last_fill_on > run.as_of - 365
    group by seen.patient_no
)

select
    patient.patient_no,
    patient.patient_id,
    date_sub('year', patient.birth_date, make_date(year(run.as_of), 1, 1))::integer as age,
    coalesce(exclusion_year.has_hospice, false) as has_hospice,
    coalesce(exclusion_year.has_esrd, false) as has_esrd,
    filled.pharmacy_npi
from patient
cross join run
left join exclusion_year on patient.patient_no = exclusion_year.patient_no and exclusion_year.year = year(run.as_of)
left join filled on patient.patient_no = filled.patient_no
where (patient.death_date is null or patient.death_date > run.as_of) and not coalesce(patient.do_not_contact, false)
