-- One row for each MTM session or attempt of one patient, the newest first.
-- Rows: patients
-- $patient_no integer: the patient
select
    fact.service_id,
    fact.data_source,
    fact.service_type,
    fact.program,
    fact.contract_id,
    fact.held_on,
    fact.status,
    fact.status_reason,
    fact.delivery_method,
    fact.setting,
    fact.provider_type,
    fact.provider_npi,
    fact.pharmacy_npi,
    fact.minutes,
    fact.summary_sent_on,
    fact.follow_up_of,
    fact.follow_up_due_on
from mtm_session as fact
where fact.patient_no = $patient_no
order by fact.held_on desc, fact.service_id
