-- One row for each session or attempt of MTM that a number of the pages of sessions and reviews counts, the latest first; sid is the opaque id of its page.
-- rows_in_all: how many they are, whatever the page.
-- Rows: patients
-- $year integer: the year it was held or tried in; of a follow-up, the year it was promised for
-- $only varchar[] optional: filters that keep, each key and each key=value
-- $never varchar[] optional: filters that leave out, each key=value
-- $service_type varchar optional: the kind of session
-- $status varchar optional: what became of it (completed, refused, unable_to_reach, no_show, scheduled), or tried: any of these that is not only scheduled
-- $element varchar optional: an element that its programme requires of it
-- $state varchar optional: how that is documented (yes, no, not_applicable), or missing
-- $unit varchar optional: way, plan, contract, pharm, delivery, setting, provider or recipient
-- $value varchar optional: the group of that unit; those not stated when left out
-- $with_list boolean optional: true chooses those that documented a list of medicines
-- $follow_up varchar optional: that promised a follow-up which was kept, late, missed or is open; promised: any of these
-- $recommended boolean optional: whether it left a recommendation
-- $reason varchar optional: comprehensive reviews that were tried and not held, by the reason in the word that review_reasons shows for it; not_stated for none
--   given. Nothing where days are not shown: reasons are not either
-- $days boolean: filled in from the asker's level, true where days are shown; else the order of rows tells nothing that is not shown
-- $first integer: rows before the page
-- $rows integer optional: rows of the page; all of them when left out
with required as (
    select distinct held.session_no
    from mtm_session as held
    inner join session_element as listed
        on coalesce(held.program, 'other') = listed.program and held.service_type = listed.service_type and listed.is_required
    left join mtm_element as told on held.session_no = told.session_no and listed.element = told.element
    where listed.element = $element and ($state is null or coalesce(told.state, 'missing') = $state)
),

-- As review_reasons has them: whatever else chooses the sessions, a word is shown or not.
reason_word as (
    select lower(trim(held.status_reason)) as told, min(trim(held.status_reason)) as word
    from mtm_session as held
    inner join patient on held.patient_no = patient.patient_no
    cross join run
    where held.service_type = 'cmr'
        and held.status in ('refused', 'unable_to_reach', 'no_show')
        and trim(held.status_reason) <> ''
        and year(held.held_on) = $year
        and chosen_person(
            $only, $never, patient.plan, coalesce(held.contract_id, patient.contract_id), held.pharmacy_npi,
            patient.birth_date, run.as_of, patient.gender, patient.language, patient.zip_code
        )
    group by told
    having count(distinct held.patient_no) >= 3
),

recommended as (
    select session_no, count(*)::integer as recommendations
    from recommendation_fact
    where session_no is not null
    group by session_no
),

kept as (
    select
        held.session_no,
        patient.pid,
        patient.patient_id,
        patient.first_name,
        patient.last_name,
        patient.pid || '-' || held.patient_session_no as sid,
        held.held_on,
        held.service_type,
        held.status,
        held.status_reason,
        held.delivery_method,
        held.setting,
        held.provider_type,
        held.recipient,
        held.minutes,
        complete.required,
        complete.yes,
        complete.not_applicable,
        complete.missing,
        coalesce(recommended.recommendations, 0) as recommendations,
        promise.follow_up_due_on,
        promise.kept_on,
        promise.state as follow_up,
        held.pharmacy_npi,
        pharmacy.name as pharmacy_name,
        held.program,
        coalesce(held.contract_id, patient.contract_id) as contract_id,
        patient.plan,
        held.data_source
    from mtm_session as held
    inner join patient on held.patient_no = patient.patient_no
    cross join run
    left join mtm_follow_up as promise on held.session_no = promise.session_no
    left join mtm_session_completeness as complete on held.session_no = complete.session_no
    left join required on held.session_no = required.session_no
    left join recommended on held.session_no = recommended.session_no
    left join reason_word on lower(trim(held.status_reason)) = reason_word.told
    left join dispensing_pharmacy as pharmacy on held.pharmacy_npi = pharmacy.npi
    where year(case when $follow_up is null then held.held_on else promise.follow_up_due_on end) = $year
        and ($service_type is null or held.service_type = $service_type)
        and (
            $status is null
            or held.status = $status
            or ($status = 'tried' and held.status in ('completed', 'refused', 'unable_to_reach', 'no_show'))
        )
        and ($element is null or required.session_no is not null)
        and ($with_list is null or $with_list = (held.session_no in (select session_no from mtm_session_medicine)))
        and ($follow_up is null or promise.state = $follow_up or ($follow_up = 'promised' and promise.state is not null))
        and ($recommended is null or $recommended = (recommended.session_no is not null))
        and (
            $reason is null
            or (
                $days
                and held.service_type = 'cmr'
                and held.status in ('refused', 'unable_to_reach', 'no_show')
                and shown_word(reason_word.word, held.status_reason) = $reason
            )
        )
        and (
            $unit is null
            or review_group(
                $unit, patient.plan, coalesce(held.contract_id, patient.contract_id), held.pharmacy_npi,
                held.delivery_method, held.setting, held.provider_type, held.recipient
            ) is not distinct from $value
        )
        and chosen_person(
            $only, $never, patient.plan, coalesce(held.contract_id, patient.contract_id), held.pharmacy_npi,
            patient.birth_date, run.as_of, patient.gender, patient.language, patient.zip_code
        )
)

select * exclude (session_no), (select count(*) from kept)::integer as rows_in_all
from kept
order by
    case when $days then held_on end desc,
    pid,
    case when $days then session_no else hash(session_no) end
limit $rows offset $first
