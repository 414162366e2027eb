-- One row for each completed session and element it documents: yes when any row says so, else no, else not_applicable. What the list of reviewed medicines
-- shows counts where no row speaks of it: the list itself, over-the-counter medicines and supplements in it, and each question that was assessed
-- for every medicine of it that has one of a kind other than those. An element with no row at all is missing, which is neither no nor not applicable.
with held as (
    select patient_no, data_source, service_id
    from mtm_session
    where status = 'completed'
),

spoken as (
    select
        held.patient_no,
        held.data_source,
        held.service_id,
        told.element,
        case when bool_or(told.state = 'yes') then 'yes' when bool_or(told.state = 'no') then 'no' else 'not_applicable' end as state
    from held
    inner join mtm_service_element as told
        on held.data_source is not distinct from told.data_source and held.service_id = told.service_id
    group by held.patient_no, held.data_source, held.service_id, told.element
),

listed as (
    select
        held.patient_no,
        held.data_source,
        held.service_id,
        bool_or(coalesce(medicine.source, 'rx') in ('otc', 'supplement')) as has_others,
        bool_and(coalesce(medicine.indicated, 'not_assessed') <> 'not_assessed') filter (where coalesce(medicine.source, 'rx') = 'rx') as indication,
        bool_and(coalesce(medicine.effective, 'not_assessed') <> 'not_assessed') filter (where coalesce(medicine.source, 'rx') = 'rx') as effectiveness,
        bool_and(coalesce(medicine.safe, 'not_assessed') <> 'not_assessed') filter (where coalesce(medicine.source, 'rx') = 'rx') as safety,
        bool_and(coalesce(medicine.adherent, 'not_assessed') <> 'not_assessed') filter (where coalesce(medicine.source, 'rx') = 'rx') as adherence
    from held
    inner join mtm_medication as medicine
        on held.data_source is not distinct from medicine.data_source and held.service_id = medicine.service_id
    group by held.patient_no, held.data_source, held.service_id
),

shown as (
    select patient_no, data_source, service_id, 'medication_list' as element from listed
    union all
    select patient_no, data_source, service_id, 'otc_and_supplements' from listed where has_others
    union all
    select patient_no, data_source, service_id, 'indication_reviewed' from listed where indication
    union all
    select patient_no, data_source, service_id, 'effectiveness_reviewed' from listed where effectiveness
    union all
    select patient_no, data_source, service_id, 'safety_reviewed' from listed where safety
    union all
    select patient_no, data_source, service_id, 'adherence_reviewed' from listed where adherence
)

select patient_no, data_source, service_id, element, state, 'element' as shown_by
from spoken
union all
select patient_no, data_source, service_id, element, 'yes', 'medication'
from shown
anti join spoken using (data_source, service_id, element)
