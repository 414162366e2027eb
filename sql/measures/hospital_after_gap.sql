-- Title: Hospital after a gap in supply
-- Topic: Hospital
-- Question: How often are people admitted or in an emergency department within 30 days after they ran out of a long-term medicine?
-- Counts: Events, for each 1,000 member-years (member-months / 12); an event after several gaps is one.
-- Denominator: Calendar months in which the person had medical and pharmacy coverage, a month each, of the months that both kinds of claims tell of,
--   the first 90 days of fills left out: before, who ran out is not known.
-- Numerator: Unplanned acute admissions, and emergency visits that led to no stay, begun on the seventh day in a row (a setting) without any supply of a class of the adherence
--   measures, or in the 30 days after it.
-- Left out: People and months without medical or without pharmacy coverage; gaps with a stay between the last fill and the day that makes them, whose supply is not known;
--   gaps after insulin in the diabetes class or another medicine that takes somebody out of the class.
-- Unit: per 1,000 member-years
-- Better: lower
-- Source: This program; fills are laid end to end as in the adherence measures
-- Limits: Observed, not risk-adjusted: that one came after the other tells no cause. Who stopped on a prescriber's word, paid cash or had samples looks like a gap. Supply from
--   before the data is not seen. The last three months are still filling in.
select
    'hospital_after_gap' as measure,
    hospital.year,
    patient.patient_id,
    hospital.year::varchar as subject_id,
    hospital.supply_months as denominator,
    hospital.after_gap as numerator,
    null::varchar as excluded_because,
    hospital.after_gap * 12.0 / hospital.supply_months as value,
    hospital.after_gap || ' events in ' || hospital.supply_months || ' covered months' as evidence,
    hospital.plan,
    hospital.contract_id,
    hospital.pharmacy_npi,
    'per 1,000 member-years' as unit
from hospital_year as hospital
inner join patient on hospital.patient_no = patient.patient_no
where hospital.supply_months > 0
