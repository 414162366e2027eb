-- One row for each kind of problem of the opportunities that plans and vendors opened in a year, and what became of them: done, expired, removed, in progress, still open.
-- Rows: counts
-- Cells: opened = done + expired + removed + in_progress + open; opened, patients add up; opened, done, expired, removed, in_progress, open with patients
-- $year integer: the year
-- $only varchar[] optional: filters that keep, each key and each key=value
-- $never varchar[] optional: filters that leave out, each key=value
select
    fact.problem,
    count(*) as opened,
    count(distinct fact.patient_no) as patients,
    count(*) filter (where fact.state = 'done') as done,
    count(*) filter (where fact.state = 'expired') as expired,
    count(*) filter (where fact.state = 'removed') as removed,
    count(*) filter (where fact.state = 'in_progress') as in_progress,
    count(*) filter (where fact.state not in ('done', 'expired', 'removed', 'in_progress')) as open
from mtm_opportunity_fact as fact
inner join patient on fact.patient_no = patient.patient_no
cross join run
where year(fact.opened_on) = $year
    and chosen_person(
        $only, $never, patient.plan, patient.contract_id, fact.pharmacy_npi,
        patient.birth_date, run.as_of, patient.gender, patient.language, patient.zip_code
    )
group by fact.problem
order by fact.problem nulls last
