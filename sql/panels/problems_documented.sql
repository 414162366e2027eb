-- One row for each recommendation of the year before the as-of day that documents a problem claims do not show: one of a list's kind, or one that no list
-- looks for. The rows that problem_yield and problem_unlisted count. is_resolved: documented as resolved, or verified in claims. rows_in_all: how
-- many they are, whatever the page.
-- Rows: patients
-- $list varchar optional: the list whose kind of problem it documents and that does not show it; those that no list looks for when left out
-- $resolved boolean optional: only those resolved (true) or those not (false)
-- $problem varchar optional: only those about a problem
-- $only varchar[] optional: filters that keep, each key and each key=value
-- $never varchar[] optional: filters that leave out, each key=value
-- $days boolean: filled in from the asker's level, true where days are shown; else the order of rows tells nothing that is not shown
-- $first integer: rows before the page
-- $rows integer optional: rows of the page; all of them when left out
with not_shown as (
    select documented.data_source, documented.recommendation_id
    from documented_problem as documented
    anti join list_row on documented.patient_no = list_row.patient_no and documented.list = list_row.list
    where documented.list = $list
),

listed as (
    select distinct data_source, recommendation_id
    from documented_problem
),

kept as (
    select
        fact.*,
        patient.pid,
        patient.patient_id,
        patient.first_name,
        patient.last_name,
        patient.plan,
        pharmacy.name as pharmacy_name,
        coalesce(fact.resolved = 'yes', false) or coalesce(fact.verified = 'yes', false) as is_resolved
    from recommendation_fact as fact
    inner join run on fact.identified_date > run.as_of - 365
    inner join patient on fact.patient_no = patient.patient_no
    left join not_shown
        on fact.data_source is not distinct from not_shown.data_source and fact.recommendation_id = not_shown.recommendation_id
    left join listed on fact.data_source is not distinct from listed.data_source and fact.recommendation_id = listed.recommendation_id
    left join dispensing_pharmacy as pharmacy on fact.pharmacy_npi = pharmacy.npi
    where fact.response <> 'withdrawn'
        and case when $list is null then listed.recommendation_id is null else not_shown.recommendation_id is not null end
        and ($problem is null or fact.problem = $problem)
        and ($resolved is null or $resolved = (coalesce(fact.resolved = 'yes', false) or coalesce(fact.verified = 'yes', false)))
        and chosen_person(
            $only, $never, patient.plan, patient.contract_id, fact.pharmacy_npi,
            patient.birth_date, run.as_of, patient.gender, patient.language, patient.zip_code
        )
)

select
    kept.pid,
    kept.patient_id,
    kept.first_name,
    kept.last_name,
    kept.pid || '-' || session.patient_session_no as sid,
    kept.recommendation_id,
    kept.identified_date,
    kept.problem,
    kept.problem_detail,
    kept.action,
    kept.ingredient,
    kept.new_ingredient,
    kept.response,
    kept.response_date,
    kept.verified,
    kept.verified_on,
    kept.resolved,
    kept.resolved_date,
    kept.is_resolved,
    kept.service_type,
    kept.plan,
    kept.pharmacy_npi,
    kept.pharmacy_name,
    kept.data_source,
    (select count(*) from kept)::integer as rows_in_all
from kept
left join mtm_session as session on kept.session_no = session.session_no
order by
    case when $days then kept.identified_date end desc nulls last,
    kept.pid,
    case when $days then kept.recommendation_id else hash(kept.recommendation_id)::varchar end
limit $rows offset $first
