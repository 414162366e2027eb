-- One row for each opportunity that a plan or vendor opened in a year, the latest first, and what became of it. rows_in_all: how many they are, whatever the page.
-- Rows: patients
-- $year integer: the year
-- $only varchar[] optional: filters that keep, each key and each key=value
-- $never varchar[] optional: filters that leave out, each key=value
-- $problem varchar optional: the kind of problem; not_stated for those that name none
-- $state varchar optional: done, expired, removed, in_progress or open
-- $days boolean: filled in from the asker's level, true where days are shown; else the order of rows tells nothing that is not shown
-- $first integer: rows before the page
-- $rows integer optional: rows of the page; all of them when left out
with kept as (
    select
        hash(fact.data_source, fact.opportunity_id) as tie,
        patient.pid,
        patient.patient_id,
        patient.first_name,
        patient.last_name,
        fact.source,
        fact.problem,
        fact.ingredient,
        fact.opened_on,
        fact.expires_on,
        case when fact.state in ('done', 'expired', 'removed', 'in_progress') then fact.state else 'open' end as state,
        patient.pid || '-' || session.patient_session_no as sid,
        session.held_on,
        fact.pharmacy_npi,
        pharmacy.name as pharmacy_name,
        patient.plan,
        fact.data_source
    from mtm_opportunity_fact as fact
    inner join patient on fact.patient_no = patient.patient_no
    cross join run
    left join mtm_session as session on fact.session_no = session.session_no
    left join dispensing_pharmacy as pharmacy on fact.pharmacy_npi = pharmacy.npi
    where year(fact.opened_on) = $year
        and ($problem is null or coalesce(fact.problem, 'not_stated') = $problem)
        and ($state is null or case when fact.state in ('done', 'expired', 'removed', 'in_progress') then fact.state else 'open' end = $state)
        and chosen_person(
            $only, $never, patient.plan, patient.contract_id, fact.pharmacy_npi,
            patient.birth_date, run.as_of, patient.gender, patient.language, patient.zip_code
        )
)

select * exclude (tie), (select count(*) from kept)::integer as rows_in_all
from kept
order by
    case when $days then opened_on end desc,
    pid,
    tie
limit $rows offset $first
