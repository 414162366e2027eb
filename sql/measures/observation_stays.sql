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
    month.year,
    any_value(patient.patient_id) as patient_id,
    month.year::varchar as subject_id,
    count(*)::integer as denominator,
    sum(month.observations)::integer as numerator,
    null::varchar as excluded_because,
    sum(month.observations) * 12.0 / count(*) as value,
    sum(month.observations) || ' times in ' || count(*) || ' covered months' as evidence,
    arg_max(month.plan, month.month) as plan,
    arg_max(month.contract_id, month.month) as contract_id,
    arg_max(month.pharmacy_npi, month.month) as pharmacy_npi,
    'per 1,000 member-years' as unit
from hospital_month as month
inner join patient on month.patient_no = patient.patient_no
group by month.patient_no, month.year
