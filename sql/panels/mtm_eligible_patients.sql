-- One row for each patient of a standing between belonging in MTM and being enrolled, with what claims say.
-- Rows: patients
-- $standing varchar: eligible_and_enrolled, eligible_not_enrolled, enrolled_not_eligible, neither or not_computable
-- $program varchar optional: part_d, medicaid, commercial or other
-- $first integer: rows before the page
-- $rows integer optional: rows of the page; all of them when left out
select
    patient.patient_no,
    patient.patient_id,
    patient.pid,
    patient.first_name,
    patient.last_name,
    patient.phone,
    patient.language,
    patient.plan,
    patient.contract_id,
    fact.program,
    fact.year,
    fact.standing,
    fact.evidence
from mtm_eligibility as fact
inner join patient on fact.patient_no = patient.patient_no
where fact.standing = $standing and ($program is null or fact.program = $program)
order by fact.core_diseases desc, fact.drugs desc, patient.patient_id
limit coalesce($rows, 2147483647) offset $first
