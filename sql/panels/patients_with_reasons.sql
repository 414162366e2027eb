-- One row for each patient on any of the lists asked for, with every reason; on top who has the soonest last day to act that is still to come (a day that is over presses nobody); problems that somebody dismissed are no reason.
-- Rows: patients
-- $lists varchar[] optional: the lists; every list when left out
-- $days boolean: filled in from the asker's level, true where days are shown; else the order of rows tells nothing that is not shown
-- $first integer: rows before the page
-- $rows integer optional: rows of the page; all of them when left out
-- $only varchar[] optional: filters that keep, each key and each key=value
-- $never varchar[] optional: filters that leave out, each key=value
-- $dismissed varchar[] optional: problems that somebody dismissed until a day that is not over, each patient|list|subject
with dismissed as (
    select distinct unnest($dismissed) as problem
),

open_reason as (
    select list_row.*, case when list_row.due_on >= run.as_of then list_row.due_on end as act_by
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
),

person_reason as (
    select
        patient_no,
        count(*)::integer as reason_count,
        count(distinct list)::integer as list_count,
        array_to_string(list_sort(list_distinct(list(list))), ', ') as lists,
        array_to_string(list(reason order by act_by nulls last, list, priority), ' | ') as reasons,
        min(act_by) as due_on,
        arg_min(pharmacy_npi, (list, priority)) filter (where pharmacy_npi is not null) as pharmacy_npi,
        bool_and(state = 'documented') as is_documented
    from open_reason
    group by patient_no
)

select
    patient.pid,
    patient.patient_id,
    patient.first_name,
    patient.last_name,
    patient.phone,
    patient.best_time,
    patient.language,
    patient.do_not_contact,
    date_sub('year', patient.birth_date, run.as_of)::integer as age,
    patient.plan,
    person_reason.due_on,
    person_reason.reason_count,
    person_reason.list_count,
    person_reason.lists,
    person_reason.reasons,
    person_reason.is_documented,
    person_reason.pharmacy_npi,
    pharmacy.name as pharmacy_name
from person_reason
inner join patient on person_reason.patient_no = patient.patient_no
cross join run
left join dispensing_pharmacy as pharmacy on person_reason.pharmacy_npi = pharmacy.npi
order by case when $days then person_reason.due_on end nulls last, person_reason.list_count desc, person_reason.reason_count desc, patient.pid
limit coalesce($rows, 2147483647) offset $first
