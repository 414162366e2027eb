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
    hospital.year,
    patient.patient_id,
    hospital.year::varchar as subject_id,
    hospital.member_months as denominator,
    hospital.admissions as numerator,
    null::varchar as excluded_because,
    hospital.admissions * 12.0 / hospital.member_months as value,
    hospital.admissions || ' admissions in ' || hospital.member_months || ' covered months' as evidence,
    hospital.plan,
    hospital.contract_id,
    hospital.pharmacy_npi,
    'per 1,000 member-years' as unit
from hospital_year as hospital
inner join patient on hospital.patient_no = patient.patient_no
