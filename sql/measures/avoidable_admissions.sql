-- Title: Avoidable admissions
-- Topic: Hospital
-- Question: How often are adults admitted for what good care outside may avoid?
-- Counts: Events, for each 1,000 member-years (member-months / 12).
-- Denominator: Calendar months in which the person had medical coverage, a month each.
-- Numerator: Admissions that meet one of the AHRQ Prevention Quality Indicators 01, 03, 05, 07, 08, 11, 12, 14, 15, 16.
-- Left out: People and months without medical coverage; months that medical claims do not tell of; months before October 2015, coded in ICD-9.
-- Unit: per 1,000 member-years
-- Better: lower
-- Source: AHRQ Prevention Quality Indicators v2024 (PQI 90)
-- Limits: Observed, not risk-adjusted. A month with any covered day is a whole member-month. The last three months are still filling in: claims arrive late. People without
--   medical coverage are not counted at all.
--   AHRQ's own rate is for each 100,000 residents of 18 or older; here the people are those covered, of any age.
select
    'avoidable_admissions' as measure,
    hospital.year,
    patient.patient_id,
    hospital.year::varchar as subject_id,
    hospital.icd_10_months as denominator,
    hospital.avoidable as numerator,
    null::varchar as excluded_because,
    hospital.avoidable * 12.0 / hospital.icd_10_months as value,
    hospital.avoidable || ' avoidable admissions in ' || hospital.icd_10_months || ' covered months' as evidence,
    hospital.plan,
    hospital.contract_id,
    hospital.pharmacy_npi,
    'per 1,000 member-years' as unit
from hospital_year as hospital
inner join patient on hospital.patient_no = patient.patient_no
where hospital.icd_10_months > 0
