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
    month.year,
    any_value(patient.patient_id) as patient_id,
    month.year::varchar as subject_id,
    count(*)::integer as denominator,
    sum(month.ed_visits)::integer as numerator,
    null::varchar as excluded_because,
    sum(month.ed_visits) * 12.0 / count(*) as value,
    sum(month.ed_visits) || ' visits in ' || count(*) || ' covered months' as evidence,
    arg_max(month.plan, month.month) as plan,
    arg_max(month.contract_id, month.month) as contract_id,
    arg_max(month.pharmacy_npi, month.month) as pharmacy_npi,
    'per 1,000 member-years' as unit
from hospital_month as month
inner join patient on month.patient_no = patient.patient_no
group by month.patient_no, month.year
