-- One row for each patient on a follow-up list after hospital care: why, by which claims, by when; in the order of the list's own priority.
-- Rows: patients
-- $list varchar: the list's id
-- $within integer optional: only those whose discharge, visit or fill was so many days before the as-of day or fewer
-- $days boolean: filled in from the asker's level, true where days are shown; else neither order nor filter tells days
-- $first integer: rows before the page
-- $rows integer optional: rows of the page; all of them when left out
select
    patient.pid,
    patient.patient_id,
    patient.first_name,
    patient.last_name,
    patient.phone,
    patient.best_time,
    patient.language,
    date_sub('year', patient.birth_date, run.as_of) as age,
    patient.plan,
    row.pharmacy_npi,
    pharmacy.name as pharmacy_name,
    row.list,
    row.priority,
    row.since_on,
    row.due_on,
    row.reason,
    row.evidence
from list_row as row
cross join run
inner join patient on row.patient_no = patient.patient_no
left join dispensing_pharmacy as pharmacy on row.pharmacy_npi = pharmacy.npi
where row.list = $list and ($within is null or not $days or row.since_on >= run.as_of - $within)
order by case when $days then row.priority end, patient.pid
limit $rows offset $first
