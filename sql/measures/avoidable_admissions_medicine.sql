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
    month.year,
    any_value(patient.patient_id) as patient_id,
    month.year::varchar as subject_id,
    count(*)::integer as denominator,
    sum(month.avoidable_by_medicine)::integer as numerator,
    null::varchar as excluded_because,
    sum(month.avoidable_by_medicine) * 12.0 / count(*) as value,
    sum(month.avoidable_by_medicine) || ' such admissions in ' || count(*) || ' covered months' as evidence,
    arg_max(month.plan, month.month) as plan,
    arg_max(month.contract_id, month.month) as contract_id,
    arg_max(month.pharmacy_npi, month.month) as pharmacy_npi,
    'per 1,000 member-years' as unit
from hospital_month as month
inner join patient on month.patient_no = patient.patient_no
where month.is_icd_10
group by month.patient_no, month.year
