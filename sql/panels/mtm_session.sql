-- One row: an MTM session or attempt, with what it documented of what its programme requires, and its follow-up.
-- Rows: patients
-- $service_id varchar: the session
-- $data_source varchar optional: who sent it
select
    patient.patient_no,
    patient.patient_id,
    patient.pid,
    patient.first_name,
    patient.last_name,
    session.service_id,
    session.data_source,
    session.contract_id,
    session.program,
    session.service_type,
    session.held_on,
    session.status,
    session.status_reason,
    session.delivery_method,
    session.setting,
    session.provider_type,
    session.provider_npi,
    session.pharmacy_npi,
    pharmacy.name as pharmacy_name,
    session.recipient,
    session.minutes,
    session.medications_reviewed,
    session.summary_sent_on,
    session.summary_standard_format,
    session.prescriber_plan_sent_on,
    session.consented_on,
    session.language,
    session.follow_up_of,
    session.follow_up_due_on,
    follow_up.kept_on,
    follow_up.state as follow_up,
    completeness.required,
    completeness.yes,
    completeness.no,
    completeness.not_applicable,
    completeness.missing,
    session.source_file,
    session.source_line,
    session.load_id
from mtm_session as session
inner join patient on session.patient_no = patient.patient_no
left join dispensing_pharmacy as pharmacy on session.pharmacy_npi = pharmacy.npi
left join mtm_session_completeness as completeness
    on session.data_source is not distinct from completeness.data_source and session.service_id = completeness.service_id
left join mtm_follow_up as follow_up
    on session.data_source is not distinct from follow_up.data_source and session.service_id = follow_up.service_id
where session.service_id = $service_id and ($data_source is null or session.data_source = $data_source)
order by session.data_source
