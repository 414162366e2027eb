-- Title: Observation stays
-- Topic: Hospital
-- Question: How often are people with medical coverage kept in hospital under observation, without being admitted?
-- Counts: Events, for each 1,000 member-years (member-months / 12).
-- Denominator: Calendar months in which the person had medical coverage, a month each.
-- Numerator: Times under observation begun on a covered day that did not lead to a hospital stay; claims that touch are one. An emergency visit before it counts
--   among those too.
-- Left out: People and months without medical coverage; months that medical claims do not tell of.
-- Unit: per 1,000 member-years
-- Better: lower
-- Source: Codes of The Tuva Project's service categories; the merging is this program's own
-- Limits: Observed, not risk-adjusted. A month with any covered day is a whole member-month. The last three months are still filling in: claims arrive late. People without
--   medical coverage are not counted at all.
select
    'observation_stays' as measure,
    hospital.year,
    patient.patient_id,
    hospital.year::varchar as subject_id,
    hospital.member_months as denominator,
    hospital.observations as numerator,
    null::varchar as excluded_because,
    hospital.observations * 12.0 / hospital.member_months as value,
    hospital.observations || ' times in ' || hospital.member_months || ' covered months' as evidence,
    hospital.plan,
    hospital.contract_id,
    hospital.pharmacy_npi,
    'per 1,000 member-years' as unit
from hospital_year as hospital
inner join patient on hospital.patient_no = patient.patient_no
