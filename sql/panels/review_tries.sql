-- One row for each group of the comprehensive reviews tried in a year (by plan, contract, pharmacy, delivery method, setting, kind of provider or recipient): how many
-- sessions were tried, and what became of them. A person may be tried several times; what is only scheduled is not tried.
-- Rows: counts
-- Cells: tries = completed + refused + unable_to_reach + no_show; tries, patients add up; tries, completed, refused, unable_to_reach, no_show with patients
-- $year integer: year in which the review was tried
-- $only varchar[] optional: filters that keep, each key and each key=value
-- $never varchar[] optional: filters that leave out, each key=value
-- $unit varchar: plan, contract, pharm, delivery, setting, provider or recipient
with kept as (
    select
        session.patient_no,
        session.status,
        review_group(
            $unit, patient.plan, coalesce(session.contract_id, patient.contract_id), session.pharmacy_npi,
            session.delivery_method, session.setting, session.provider_type, session.recipient
        ) as value
    from mtm_session as session
    inner join patient on session.patient_no = patient.patient_no
    cross join run
    where session.service_type = 'cmr'
        and session.status in ('completed', 'refused', 'unable_to_reach', 'no_show')
        and year(session.held_on) = $year
        and chosen_person(
            $only, $never, patient.plan, coalesce(session.contract_id, patient.contract_id), session.pharmacy_npi,
            patient.birth_date, run.as_of, patient.gender, patient.language, patient.zip_code
        )
),

grouped as (
    select
        value,
        count(distinct patient_no) as patients,
        count(*) as tries,
        count(*) filter (where status = 'completed') as completed,
        count(*) filter (where status = 'refused') as refused,
        count(*) filter (where status = 'unable_to_reach') as unable_to_reach,
        count(*) filter (where status = 'no_show') as no_show
    from kept
    group by value
)

select
    grouped.value,
    coalesce(pharmacy.name, grouped.value) as label,
    grouped.* exclude (value)
from grouped
left join dispensing_pharmacy as pharmacy on $unit = 'pharm' and grouped.value = pharmacy.npi
order by grouped.value nulls last
