-- One row for each enrolment of one patient in MTM, the newest first: the programme and contract, from when, and why and when it ended.
-- Rows: patients
-- $patient_no integer: the patient
select
    program,
    contract_id,
    from_on as enrolled_on,
    targeting_reason,
    met_criteria_on,
    cmr_offered_on as offered_on,
    opted_out_on,
    opt_out_reason
from mtm_enrollment_span
where patient_no = $patient_no
order by from_on desc, program, contract_id
