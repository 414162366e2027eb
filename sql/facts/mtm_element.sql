-- One row for each completed session and element it documents: yes when any row says so, else no, else not_applicable. What the list of reviewed medicines
-- shows counts where no row speaks of it: the list itself, over-the-counter medicines and supplements in it, and each question that was assessed
-- for every medicine of it that has one of a kind other than those. An element with no row at all is missing, which is neither no nor not applicable.
with held as (
    select session_no, patient_no, data_source, service_id
    from mtm_session
    where status = 'completed'
),

spoken as (
    select
        held.session_no,
        held.patient_no,
        told.element,
        case when bool_or(told.state = 'yes') then 'yes' when bool_or(told.state = 'no') then 'no' else 'not_applicable' end as state
    from held
    inner join mtm_service_element as told
        on held.data_source is not distinct from told.data_source and held.service_id = told.service_id
    group by held.session_no, held.patient_no, told.element
),

listed as (
    select
        held.session_no,
        held.patient_no,
        bool_or(coalesce(medicine.source, 'rx') in ('otc', 'supplement')) as has_others,
        bool_and(coalesce(medicine.indicated, 'not_assessed') <> 'not_assessed') filter (where coalesce(medicine.source, 'rx') = 'rx') as indication,
        bool_and(coalesce(medicine.effective, 'not_assessed') <> 'not_assessed') filter (where coalesce(medicine.source, 'rx') = 'rx') as effectiveness,
        bool_and(coalesce(medicine.safe, 'not_assessed') <> 'not_assessed') filter (where coalesce(medicine.source, 'rx') = 'rx') as safety,
        bool_and(coalesce(medicine.adherent, 'not_assessed') <> 'not_assessed') filter (where coalesce(medicine.source, 'rx') = 'rx') as adherence
    from held
    inner join mtm_medication as medicine
        on held.data_source is not distinct from medicine.data_source and held.service_id = medicine.service_id
    group by held.session_no, held.patient_no
),

shown as (
    select session_no, patient_no, 'medication_list' as element from listed
    union all
    select session_no, patient_no, 'otc_and_supplements' from listed where has_others
    union all
    select session_no, patient_no, 'indication_reviewed' from listed where indication
    union all
    select session_no, patient_no, 'effectiveness_reviewed' from listed where effectiveness
    union all
    select session_no, patient_no, 'safety_reviewed' from listed where safety
    union all
    select session_no, patient_no, 'adherence_reviewed' from listed where adherence
)

select session_no, patient_no, element, state, 'element' as shown_by
from spoken
union all
select session_no, patient_no, element, 'yes', 'medication'
from shown
anti join spoken using (session_no, element)
