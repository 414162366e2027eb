-- Title: Poisoning by medicines
-- Topic: Hospital
-- Question: How often does an acute stay or emergency visit carry a diagnosis of poisoning by a medicine?
-- Counts: Events, for each 1,000 member-years (member-months / 12).
-- Denominator: Calendar months in which the person had medical coverage, a month each.
-- Numerator: Stays and visits with poisoning by T36 to T50, whatever the intent.
-- Left out: People and months without medical coverage; months that medical claims do not tell of; months before October 2015, coded in ICD-9.
-- Unit: per 1,000 member-years
-- Better: lower
-- Source: ICD-10-CM T36 to T50 and drug-named diagnoses; the selection is this program's
-- Limits: Observed, not risk-adjusted. A month with any covered day is a whole member-month. The last three months are still filling in: claims arrive late. People without
--   medical coverage are not counted at all.
--   Never to be added to the other three tiers.
select
    'drug_harm_poisoning' as measure,
    hospital.year,
    patient.patient_id,
    hospital.year::varchar as subject_id,
    hospital.icd_10_months as denominator,
    hospital.harm_poisoning as numerator,
    null::varchar as excluded_because,
    hospital.harm_poisoning * 12.0 / hospital.icd_10_months as value,
    hospital.harm_poisoning || ' events in ' || hospital.icd_10_months || ' covered months' as evidence,
    hospital.plan,
    hospital.contract_id,
    hospital.pharmacy_npi,
    'per 1,000 member-years' as unit
from hospital_year as hospital
inner join patient on hospital.patient_no = patient.patient_no
where hospital.icd_10_months > 0
