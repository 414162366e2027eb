-- Title: Hospital after a discharge without its fills
-- Topic: Hospital
-- Question: Of the people sent home without a medicine that their stay calls for, how many are back in hospital or an emergency department within 30 days?
-- Counts: Discharges; a person may have several.
-- Denominator: Discharges home that call for medicines of which one was not on hand on the seventh day after (a setting), as in "Discharges without the fills they call for".
-- Numerator: Those followed by an unplanned acute admission, or an emergency visit that led to no stay, from the eighth to the thirtieth day after discharge.
-- Left out: As there; who is back in the first week is left out of both, because the medicine could still have been filled.
-- Unit: proportion
-- Better: lower
-- Source: This program; which medicines: data/reference/discharge_medicine.csv, from memory
-- Limits: Observed, not risk-adjusted: that one came after the other tells no cause, and who is sicker may fill less. Not comparable with readmissions within 30 days: other
--   discharges, other days, visits included.
select
    'hospital_after_no_fill' as measure,
    year(stay.discharged_on)::integer as year,
    patient.patient_id,
    stay.stay_id as subject_id,
    (discharge.excluded_because is null and len(discharge.not_on_hand) > 0)::integer as denominator,
    (discharge.excluded_because is null and len(discharge.not_on_hand) > 0 and (discharge.again_stay_no is not null or discharge.again_visit_no is not null))::integer as numerator,
    coalesce(discharge.excluded_because, case when len(discharge.not_on_hand) = 0 then 'all_on_hand' end) as excluded_because,
    (coalesce(again.admitted_on, visit.visited_on) - stay.discharged_on)::double as value,
    'without ' || array_to_string(discharge.not_on_hand, ', ') || ' after ' || strftime(stay.discharged_on, '%-d %b %Y')
        || coalesce('; back ' || strftime(coalesce(again.admitted_on, visit.visited_on), '%-d %b %Y'), '') as evidence,
    discharge.plan,
    discharge.contract_id,
    discharge.pharmacy_npi,
    null::varchar as unit
from discharge_fill as discharge
inner join stay_fact as stay on discharge.stay_no = stay.stay_no
inner join patient on discharge.patient_no = patient.patient_no
left join stay_fact as again on discharge.again_stay_no = again.stay_no
left join ed_visit_fact as visit on discharge.again_visit_no = visit.visit_no
