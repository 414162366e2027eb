-- One row: how many patients stand on any of the lists asked for, and how many reasons they have, dismissed problems apart.
-- Rows: counts
-- Cells: patients stands alone; reasons with patients
-- $lists varchar[] optional: the lists; every list when left out
-- $only varchar[] optional: filters that keep, each key and each key=value
-- $never varchar[] optional: filters that leave out, each key=value
-- $dismissed varchar[] optional: problems that somebody dismissed until a day that is not over, each patient|list|subject
with dismissed as (
    select distinct unnest($dismissed) as problem
)

select count(distinct list_row.patient_no) as patients, count(*) as reasons
from list_row
inner join patient on list_row.patient_no = patient.patient_no
cross join run
left join dismissed on problem_key(patient.pid, list_row.list, list_row.subject, list_row.measure) = dismissed.problem
where dismissed.problem is null
    and ($lists is null or list_contains($lists, list_row.list))
    and chosen_person(
        $only, $never, patient.plan, patient.contract_id, list_row.pharmacy_npi,
        patient.birth_date, run.as_of, patient.gender, patient.language, patient.zip_code
    )
