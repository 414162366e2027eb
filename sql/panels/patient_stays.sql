-- One row for each hospital or nursing facility stay of one patient; both ends are days of the stay.
-- Rows: patients
-- Index day: index_day
-- $patient_no integer: the patient
-- $year integer: measurement year whose index day numbers the days
with index_day as (
    select min(index_date) as index_day
    from adherence_fact
    where patient_no = $patient_no and year = $year
)

select from_on, to_on, kind, index_day
from stay_span
cross join index_day
where patient_no = $patient_no
order by from_on
