-- One row for each hospital or facility stay, and each emergency visit that is part of none, of one patient with a day in the days that a prep sheet looks back (setting
-- prep_sheet_days): the latest first.
-- Rows: patients
-- Index day: index_day
-- $patient_no integer: the patient
-- $year integer: measurement year whose index day numbers the days
with index_day as (
    select min(index_date) as index_day
    from adherence_fact
    where patient_no = $patient_no and year = $year
),

care as (
    select kind, admitted_on as from_on, discharged_on as to_on, principal_diagnosis
    from stay_fact
    where patient_no = $patient_no
    union all
    select 'emergency visit', visited_on, visited_on, principal_diagnosis
    from ed_visit_fact
    where patient_no = $patient_no and stay_no is null
)

select care.kind, care.from_on, care.to_on, care.principal_diagnosis, index_day.index_day
from care
cross join index_day
cross join run
inner join setting on setting.setting = 'prep_sheet_days'
where care.from_on <= run.as_of and coalesce(care.to_on, run.as_of) > run.as_of - setting.value::integer
order by care.from_on desc, care.to_on desc, care.kind
