-- Title: Emergency visits
-- Topic: Hospital
-- Question: How often do people with medical coverage go to an emergency department and home again?
-- Counts: Events, for each 1,000 member-years (member-months / 12).
-- Denominator: Calendar months in which the person had medical coverage, a month each.
-- Numerator: Visits on a covered day that did not lead to a hospital stay; all claims that share a day are one visit.
-- Left out: People and months without medical coverage; months that medical claims do not tell of.
-- Unit: per 1,000 member-years
-- Better: lower
-- Source: Codes of The Tuva Project's service categories; the merging is this program's own
-- Limits: Observed, not risk-adjusted. A month with any covered day is a whole member-month. The last three months are still filling in: claims arrive late. People without
--   medical coverage are not counted at all.
select
    'emergency_visits' as measure,
    hospital.year,
    patient.patient_id,
    hospital.year::varchar as subject_id,
    hospital.member_months as denominator,
    hospital.ed_visits as numerator,
    null::varchar as excluded_because,
    hospital.ed_visits * 12.0 / hospital.member_months as value,
    hospital.ed_visits || ' visits in ' || hospital.member_months || ' covered months' as evidence,
    hospital.plan,
    hospital.contract_id,
    hospital.pharmacy_npi,
    'per 1,000 member-years' as unit
from hospital_year as hospital
inner join patient on hospital.patient_no = patient.patient_no
