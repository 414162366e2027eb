-- One row for each MTM session or attempt of one patient, first to last; number counts them in that order.
-- Rows: patients
-- $patient_no integer: the patient
with counted as (
    select session_no, count(*) as recommendations
    from recommendation_fact
    where patient_no = $patient_no and session_no is not null
    group by session_no
)

select
    session.patient_session_no as number,
    session.service_id,
    session.data_source,
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
    session.follow_up_due_on,
    session.language,
    session.program,
    session.contract_id,
    coalesce(counted.recommendations, 0) as recommendations,
    session.source_file,
    session.source_line,
    session.load_id
from mtm_session as session
left join counted on session.session_no = counted.session_no
left join dispensing_pharmacy as pharmacy on session.pharmacy_npi = pharmacy.npi
where session.patient_no = $patient_no
order by number
