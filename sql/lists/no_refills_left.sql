-- Title: Late, no refills left
-- Why: The patient cannot refill without a new prescription: the prescriber has to act first.
-- Rule: Supply has run out, the last fill had no refills left, and the patient is not left out of the measure. In order of state (last chance,
--   overdue, others), then the last impactable date, then the number of measures at stake, then a recent discharge, then patient.
-- Action: Ask the prescriber for a renewal, then call the patient.
-- Source: This program's own.
-- Limits: Where claims do not say how many refills are left, nobody can be listed; a renewal shows only when it is filled.
select
    patient_id,
    'no_refills_left' as list,
    drug || ' ran out ' || strftime(runs_out_on, '%-d %b') || ', ' || days_late || case when days_late = 1 then ' day' else ' days' end
    || ' late; no refills left'
    || coalesce('; last useful fill ' || strftime(last_impactable_on, '%-d %b'), '') as reason,
    evidence,
    row_number() over (
        order by bucket, last_impactable_on nulls last, at_stake desc, recently_discharged desc, patient_id, measure
    )::integer as priority,
    last_impactable_on as due_on,
    measure,
    pharmacy_npi,
    'new' as state,
    (runs_out_on + 1)::date as since_on,
    patient_no
from reviewable
where days_late > 0 and runs_out_on is not null and last_refills_remaining = 0
