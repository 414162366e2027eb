-- One row for each patient, contract and year with an enrolment in MTM: whether a comprehensive medication review was completed, and whether it counts.
select
    patient.patient_id,
    fact.contract_id,
    fact.year,
    fact.in_denominator,
    fact.excluded_because,
    fact.completed,
    fact.enrolled_days,
    fact.first_cmr_on,
    fact.days_to_cmr,
    fact.summary_days,
    fact.program,
    fact.pharmacy_npi
from cmr_fact as fact
inner join patient on fact.patient_no = patient.patient_no
