-- One row for each session or attempt of MTM by the as-of day, and each that is scheduled; a session's day is its service date.
-- session_no: its number, by which the facts about sessions are joined; of a patient's sessions the later, then the one of the higher service_id, has the higher.
-- patient_session_no: its place among the patient's, from 1.
with numbered as (
    select
        row_number() over (order by person.patient_no, service.service_date, service.service_id, service.data_source)::integer as session_no,
        row_number() over (
            partition by person.patient_no
            order by service.service_date, service.service_id, service.data_source
        )::integer as patient_session_no,
        person.patient_no,
        service.data_source,
        service.service_id
    from mtm_service as service
    inner join person on service.person_id = person.patient_id
    cross join run
    where service.status = 'scheduled' or service.service_date <= run.as_of
)

select
    numbered.session_no,
    numbered.patient_session_no,
    numbered.patient_no,
    service.service_id,
    service.contract_id,
    service.program,
    service.service_type,
    service.service_date as held_on,
    service.status,
    service.status_reason,
    service.delivery_method,
    service.setting,
    service.provider_type,
    service.provider_npi,
    service.pharmacy_npi,
    service.recipient,
    service.minutes,
    service.medications_reviewed,
    service.summary_sent_date as summary_sent_on,
    service.summary_standard_format,
    service.prescriber_plan_sent_date as prescriber_plan_sent_on,
    service.consent_date as consented_on,
    service.language,
    service.follow_up_of,
    service.follow_up_due_date as follow_up_due_on,
    service.documented_at,
    service.last_edited_at,
    service.data_source,
    service.source_file,
    service.source_line,
    service.load_id
from mtm_service as service
inner join numbered on service.data_source is not distinct from numbered.data_source and service.service_id = numbered.service_id
order by numbered.session_no
