-- Title: Admissions to hospital
-- Topic: Hospital
-- Question: How often are people with medical coverage admitted to an acute hospital?
-- Counts: Events, for each 1,000 member-years (member-months / 12).
-- Denominator: Calendar months in which the person had medical coverage, a month each.
-- Numerator: Acute stays begun on a covered day; a transfer between hospitals is one admission, in the month in which it began.
-- Left out: Psychiatric, rehabilitation, long-term, maternity and newborn stays, nursing facilities and swing beds; people and months without medical coverage;
--   months that medical claims do not tell of.
-- Unit: per 1,000 member-years
-- Better: lower
-- Source: This program, after common practice; stays are merged from claims by the rules of The Tuva Project's encounter grouper and CMS's transfers
-- Limits: Observed, not risk-adjusted. A month with any covered day is a whole member-month. The last three months are still filling in: claims arrive late. People without
--   medical coverage are not counted at all.
select
    'hospital_admissions' as measure,
    month.year,
    any_value(patient.patient_id) as patient_id,
    month.year::varchar as subject_id,
    count(*)::integer as denominator,
    sum(month.admissions)::integer as numerator,
    null::varchar as excluded_because,
    sum(month.admissions) * 12.0 / count(*) as value,
    sum(month.admissions) || ' admissions in ' || count(*) || ' covered months' as evidence,
    arg_max(month.plan, month.month) as plan,
    arg_max(month.contract_id, month.month) as contract_id,
    arg_max(month.pharmacy_npi, month.month) as pharmacy_npi,
    'per 1,000 member-years' as unit
from hospital_month as month
inner join patient on month.patient_no = patient.patient_no
group by month.patient_no, month.year
