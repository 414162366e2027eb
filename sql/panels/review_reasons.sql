-- One row for each group of a year's comprehensive reviews that were tried and not held, what became of them (refused, unable_to_reach, no_show), and the reason
-- documented: how many, of how many patients. A reason in somebody's own words, given of fewer than 3 patients of the year, stands under 'in other words' (it may
-- name somebody); one that was not given is null.
-- Rows: counts
-- Cells: tries, patients are never told; tries, patients stand alone
-- $year integer: year in which the review was tried
-- $only varchar[] optional: filters that keep, each key and each key=value
-- $never varchar[] optional: filters that leave out, each key=value
-- $unit varchar: plan, contract, pharm, delivery, setting, provider or recipient
with kept as (
    select
        session.patient_no,
        session.status,
        lower(trim(session.status_reason)) as told,
        trim(session.status_reason) as reason,
        review_group(
            $unit, patient.plan, coalesce(session.contract_id, patient.contract_id), session.pharmacy_npi,
            session.delivery_method, session.setting, session.provider_type, session.recipient
        ) as value
    from mtm_session as session
    inner join patient on session.patient_no = patient.patient_no
    cross join run
    where session.service_type = 'cmr'
        and session.status in ('refused', 'unable_to_reach', 'no_show')
        and year(session.held_on) = $year
        and chosen_person(
            $only, $never, patient.plan, coalesce(session.contract_id, patient.contract_id), session.pharmacy_npi,
            patient.birth_date, run.as_of, patient.gender, patient.language, patient.zip_code
        )
),

common as (
    select told, min(reason) as word
    from kept
    where told <> ''
    group by told
    having count(distinct patient_no) >= 3
)

select
    kept.value,
    coalesce(any_value(pharmacy.name), kept.value) as label,
    kept.status,
    nullif(shown_word(common.word, kept.reason), 'not_stated') as reason_word,
    count(*) as tries,
    count(distinct kept.patient_no) as patients
from kept
left join common on kept.told = common.told
left join dispensing_pharmacy as pharmacy on $unit = 'pharm' and kept.value = pharmacy.npi
group by kept.value, kept.status, reason_word
order by kept.value nulls last, list_position(['refused', 'unable_to_reach', 'no_show'], kept.status), tries desc, reason_word nulls last
