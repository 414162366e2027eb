-- Title: Medical paid amount
-- Topic: Hospital
-- Question: How much did plans pay for medical services of a person with medical coverage in a month?
-- Counts: Dollars, for each member-month.
-- Denominator: Calendar months in which the person had medical coverage, a month each, of the months that medical claims tell of.
-- Numerator: What plans paid for final claims on covered days in the year; a person-year above the 99th percentile of all (a setting) counts as that percentile.
-- Left out: People and months without medical coverage; claims on days without it; a year of which fewer than 95 in 100 final lines (a setting) carry an amount: it is not computable.
-- Unit: dollars per member per month
-- Better: neither
-- Source: This program, after common practice; trimming after CMS's Enhanced MTM evaluation design
-- Limits: Observed, not risk-adjusted. Dollars of the day, without adjustment for prices. Rebates and what members pay are not in it. Lines without an amount add nothing.
select
    'medical_paid' as measure,
    paid.year,
    patient.patient_id,
    paid.year::varchar as subject_id,
    paid.medical_months as denominator,
    round(paid.medical_trimmed)::integer as numerator,
    null::varchar as excluded_because,
    paid.medical_paid / paid.medical_months as value,
    round(paid.medical_paid) || ' dollars in ' || paid.medical_months || ' covered months' as evidence,
    paid.plan,
    paid.contract_id,
    paid.pharmacy_npi,
    'dollars per member per month' as unit
from paid_year as paid
inner join patient on paid.patient_no = patient.patient_no
where paid.medical_months > 0 and paid.is_medical_known
