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
    month.year,
    any_value(patient.patient_id) as patient_id,
    month.year::varchar as subject_id,
    count(*)::integer as denominator,
    sum(month.avoidable)::integer as numerator,
    null::varchar as excluded_because,
    sum(month.avoidable) * 12.0 / count(*) as value,
    sum(month.avoidable) || ' avoidable admissions in ' || count(*) || ' covered months' as evidence,
    arg_max(month.plan, month.month) as plan,
    arg_max(month.contract_id, month.month) as contract_id,
    arg_max(month.pharmacy_npi, month.month) as pharmacy_npi,
    'per 1,000 member-years' as unit
from hospital_month as month
inner join patient on month.patient_no = patient.patient_no
where month.is_icd_10
group by month.patient_no, month.year
