-- Title: Length of stay
-- Topic: Hospital
-- Question: How many days does an admission to an acute hospital last?
-- Counts: Admissions.
-- Denominator: Acute admissions on covered days; a transfer between hospitals is one admission.
-- Numerator: Their nights, at least one for each.
-- Left out: Psychiatric, rehabilitation, long-term, maternity and newborn stays, nursing facilities and swing beds.
-- Unit: days
-- Better: lower
-- Source: This program, after common practice; stays are merged from claims by the rules of The Tuva Project's encounter grouper and CMS's transfers
-- Limits: A mean, moved by few long stays. Observed, not risk-adjusted. A stay that is not over has the days billed so far.
select
    'length_of_stay' as measure,
    month.year,
    any_value(patient.patient_id) as patient_id,
    month.year::varchar as subject_id,
    sum(month.admissions)::integer as denominator,
    sum(month.bed_days)::integer as numerator,
    null::varchar as excluded_because,
    sum(month.bed_days)::double / sum(month.admissions) as value,
    sum(month.bed_days) || ' days in ' || sum(month.admissions) || ' admissions' as evidence,
    arg_max(month.plan, month.month) as plan,
    arg_max(month.contract_id, month.month) as contract_id,
    arg_max(month.pharmacy_npi, month.month) as pharmacy_npi,
    'days' as unit
from hospital_event as month
inner join patient on month.patient_no = patient.patient_no
where month.admissions > 0 or month.bed_days > 0
group by month.patient_no, month.year
having sum(month.admissions) > 0
