-- One row for each problem that one list shows in claims: whom to look at first, why, the claims' evidence, and how it stands.
-- Rows: patients
-- $list varchar: the list
-- $state varchar optional: new, documented or dismissed
-- $days boolean: filled in from the asker's level, true where days are shown; else the order of rows tells nothing that is not shown
-- $first integer: rows before the page
-- $rows integer optional: rows of the page; all of them when left out
-- $only varchar[] optional: filters that keep, each key and each key=value
-- $never varchar[] optional: filters that leave out, each key=value
-- $dismissed varchar[] optional: problems that somebody dismissed until a day that is not over, each patient|list|subject
with dismissed as (
    select distinct unnest($dismissed) as problem
)

select
    patient.pid,
    patient.patient_id,
    patient.first_name,
    patient.last_name,
    patient.phone,
    date_sub('year', patient.birth_date, run.as_of)::integer as age,
    patient.language,
    patient.plan,
    list_row.list,
    list_row.subject,
    list_row.measure,
    list_row.reason,
    list_row.evidence,
    list_row.priority,
    list_row.due_on,
    list_row.since_on,
    case when dismissed.problem is null then list_row.state else 'dismissed' end as state,
    list_row.documented_by,
    list_row.pharmacy_npi,
    pharmacy.name as pharmacy_name
from list_row
inner join patient on list_row.patient_no = patient.patient_no
cross join run
left join dismissed on problem_key(patient.pid, list_row.list, list_row.subject, list_row.measure) = dismissed.problem
left join dispensing_pharmacy as pharmacy on list_row.pharmacy_npi = pharmacy.npi
where list_row.list = $list
    and ($state is null or $state = case when dismissed.problem is null then list_row.state else 'dismissed' end)
    and chosen_person(
        $only, $never, patient.plan, patient.contract_id, list_row.pharmacy_npi,
        patient.birth_date, run.as_of, patient.gender, patient.language, patient.zip_code
    )
order by dismissed.problem is not null, case when $days then list_row.priority end, patient.pid, list_row.subject
limit coalesce($rows, 2147483647) offset $first
