-- Title: Discharges without the fills they call for
-- Topic: Hospital
-- Question: Of the discharges home that call for a medicine, after how many is one of them not on hand a week later?
-- Counts: Discharges; a person may have several.
-- Denominator: Acute stays of people 18 or older with a principal diagnosis that calls for medicines (heart attack, heart failure with reduced ejection fraction, ischaemic stroke,
--   a clot, COPD exacerbation: a table), discharged home in the year, with medical and pharmacy coverage on the day and the 30 after (or to death).
-- Numerator: On the seventh day after discharge (a setting) at least one of the medicines called for is not on hand: not filled since, and what was filled before does not last to
--   that day, the nights in hospital added.
-- Left out: In this order: transferred on; still there; died by that day; not sent home; age not known or under 18; hospice in the year; not covered for 30 days; no pharmacy
--   coverage; back in hospital or an emergency department by that day; discharged in the first 90 days of the fills in the data, or in the last 30 of
--   the claims.
-- Unit: proportion
-- Better: lower
-- Source: Which medicines: ACC/AHA, AHA/ASA, CHEST and GOLD guidelines and two HEDIS measures, from memory (data/reference/discharge_medicine.csv); the days are this program's
-- Limits: Observed, not risk-adjusted. Why somebody should not have a medicine (allergy, bleeding, slow pulse), what the hospital gave along, samples, cash, heparins and
--   medicines without prescription are not seen. The table is from memory: have it checked.
select
    'discharge_without_fills' as measure,
    year(stay.discharged_on)::integer as year,
    patient.patient_id,
    stay.stay_id as subject_id,
    (discharge.excluded_because is null)::integer as denominator,
    (discharge.excluded_because is null and len(discharge.not_on_hand) > 0)::integer as numerator,
    discharge.excluded_because,
    len(discharge.not_on_hand)::double as value,
    array_to_string(discharge.conditions, ', ') || '; home ' || strftime(stay.discharged_on, '%-d %b %Y') || '; calls for ' || array_to_string(discharge.called_for, ', ')
        || case when len(discharge.not_on_hand) > 0 then '; not on hand: ' || array_to_string(discharge.not_on_hand, ', ') else '; all on hand' end as evidence,
    discharge.plan,
    discharge.contract_id,
    discharge.pharmacy_npi,
    null::varchar as unit
from discharge_fill as discharge
inner join stay_fact as stay on discharge.stay_no = stay.stay_no
inner join patient on discharge.patient_no = patient.patient_no
