-- Title: Avoidable admissions that medicines can move
-- Topic: Hospital
-- Question: How often are adults admitted for diabetes out of control, COPD or asthma, hypertension or heart failure?
-- Counts: Events, for each 1,000 member-years (member-months / 12).
-- Denominator: Calendar months in which the person had medical coverage, a month each.
-- Numerator: Admissions that meet AHRQ PQI 01, 05, 07, 08, 14 or 15.
-- Left out: People and months without medical coverage; months that medical claims do not tell of; months before October 2015, coded in ICD-9.
-- Unit: per 1,000 member-years
-- Better: lower
-- Source: AHRQ Prevention Quality Indicators v2024; the choice of those that medicines can move is this program's
-- Limits: Observed, not risk-adjusted. A month with any covered day is a whole member-month. The last three months are still filling in: claims arrive late. People without
--   medical coverage are not counted at all.
--   The people are those covered, of any age.
select
    'avoidable_admissions_medicine' as measure,
    hospital.year,
    patient.patient_id,
    hospital.year::varchar as subject_id,
    hospital.icd_10_months as denominator,
    hospital.avoidable_by_medicine as numerator,
    null::varchar as excluded_because,
    hospital.avoidable_by_medicine * 12.0 / hospital.icd_10_months as value,
    hospital.avoidable_by_medicine || ' such admissions in ' || hospital.icd_10_months || ' covered months' as evidence,
    hospital.plan,
    hospital.contract_id,
    hospital.pharmacy_npi,
    'per 1,000 member-years' as unit
from hospital_year as hospital
inner join patient on hospital.patient_no = patient.patient_no
where hospital.icd_10_months > 0
