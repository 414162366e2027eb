-- One row for each list of problems that claims show: how many it shows and how each stands (new: nobody documented it; documented by a recommendation of the last year; dismissed by a
-- person), and the recommendations of the last year about problems of its kind that it does not show (any more).
-- Rows: counts
-- Cells: shown = new + documented + dismissed; shown stands alone; patients stands alone; shown, new, documented, dismissed with patients;
--   not_shown = not_shown_resolved + ~not_shown_open; not_shown stands alone; not_shown_patients stands alone; not_shown with not_shown_patients
-- $only varchar[] optional: filters that keep, each key and each key=value
-- $never varchar[] optional: filters that leave out, each key=value
-- $dismissed varchar[] optional: problems that somebody dismissed until a day that is not over, each patient|list|subject
with dismissed as (
    select distinct unnest($dismissed) as problem
),

shown as (
    select list_row.list, list_row.patient_no, case when dismissed.problem is null then list_row.state else 'dismissed' end as state
    from list_row
    inner join patient on list_row.patient_no = patient.patient_no
    cross join run
    semi join problem_list on list_row.list = problem_list.list
    left join dismissed on problem_key(patient.pid, list_row.list, list_row.subject, list_row.measure) = dismissed.problem
    where chosen_person(
        $only, $never, patient.plan, patient.contract_id, list_row.pharmacy_npi,
        patient.birth_date, run.as_of, patient.gender, patient.language, patient.zip_code
    )
),

not_shown as (
    select documented.list, documented.patient_no, documented.is_resolved
    from documented_problem as documented
    inner join patient on documented.patient_no = patient.patient_no
    cross join run
    anti join list_row on documented.patient_no = list_row.patient_no and documented.list = list_row.list
    where chosen_person(
        $only, $never, patient.plan, patient.contract_id, documented.pharmacy_npi,
        patient.birth_date, run.as_of, patient.gender, patient.language, patient.zip_code
    )
),

shown_count as (
    select
        list,
        count(*) as shown,
        count(distinct patient_no) as patients,
        count(*) filter (where state = 'new') as new,
        count(*) filter (where state = 'documented') as documented,
        count(*) filter (where state = 'dismissed') as dismissed
    from shown
    group by list
),

not_shown_count as (
    select
        list,
        count(*) as not_shown,
        count(distinct patient_no) as not_shown_patients,
        count(*) filter (where is_resolved) as not_shown_resolved
    from not_shown
    group by list
)

select
    listed.list,
    coalesce(shown_count.shown, 0) as shown,
    coalesce(shown_count.patients, 0) as patients,
    coalesce(shown_count.new, 0) as new,
    coalesce(shown_count.documented, 0) as documented,
    coalesce(shown_count.dismissed, 0) as dismissed,
    coalesce(not_shown_count.not_shown, 0) as not_shown,
    coalesce(not_shown_count.not_shown_patients, 0) as not_shown_patients,
    coalesce(not_shown_count.not_shown_resolved, 0) as not_shown_resolved
from (select distinct list from problem_list) as listed
left join shown_count on listed.list = shown_count.list
left join not_shown_count on listed.list = not_shown_count.list
order by listed.list
