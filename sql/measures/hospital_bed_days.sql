-- Title: Days in hospital
-- Topic: Hospital
-- Question: How many days do people with medical coverage spend in acute hospitals?
-- Counts: Events, for each 1,000 member-years (member-months / 12).
-- Denominator: Calendar months in which the person had medical coverage, a month each.
-- Numerator: Nights of acute stays begun on a covered day, at least one for each; a day in two hospitals counts once.
-- Left out: People and months without medical coverage; months that medical claims do not tell of.
-- Unit: per 1,000 member-years
-- Better: lower
-- Source: This program, after common practice; stays are merged from claims by the rules of The Tuva Project's encounter grouper and CMS's transfers
-- Limits: Observed, not risk-adjusted. A month with any covered day is a whole member-month. The last three months are still filling in: claims arrive late. People without
--   medical coverage are not counted at all.
select
    'hospital_bed_days' as measure,
    hospital.year,
    patient.patient_id,
    hospital.year::varchar as subject_id,
    hospital.member_months as denominator,
    hospital.bed_days as numerator,
    null::varchar as excluded_because,
    hospital.bed_days * 12.0 / hospital.member_months as value,
    hospital.bed_days || ' days in ' || hospital.member_months || ' covered months' as evidence,
    hospital.plan,
    hospital.contract_id,
    hospital.pharmacy_npi,
    'per 1,000 member-years' as unit
from hospital_year as hospital
inner join patient on hospital.patient_no = patient.patient_no
