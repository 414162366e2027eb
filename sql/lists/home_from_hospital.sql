-- Title: Home from hospital
-- Topic: Hospital
-- Needs: medical_claim
-- Why: The weeks after a discharge are when medicines are mixed up, stopped or never filled, and when people come back.
-- Rule: Came home from an acute hospital in the last 30 days and has not been back; a medicine on hand at admission has run out without a fill since, or one was filled that
--   had not been in 180 days; no comprehensive, targeted or transition review completed since. Most medicines not refilled first, then the day of discharge.
-- Action: Compare the medicines at home with the discharge list; ask what was stopped on purpose; fill what is missing.
-- Source: This program's own; reconciliation within 30 days of discharge follows HEDIS TRC.
-- Limits: Claims arrive late: who came home last week may not be known yet. What the hospital stopped on purpose, gave along or was paid in cash is not seen.
select
    person.patient_id,
    'home_from_hospital' as list,
    'Home ' || strftime(home.discharged_on, '%-d %b') || ' after ' || home.length_of_stay || case when home.length_of_stay = 1 then ' day' else ' days' end
        || coalesce(' for ' || home.principal_diagnosis, '')
        || case when len(home.not_refilled) > 0
            then '; not refilled: ' || array_to_string(list_transform(
                home.not_refilled, lambda each: each.ingredient || ' (ran out ' || strftime(each.runs_out_on, '%-d %b') || ')'
            ), ', ')
            else ''
        end
        || case when len(home.new_medicines) > 0
            then '; new: ' || array_to_string(list_transform(home.new_medicines, lambda each: each.ingredient), ', ')
            else ''
        end as reason,
    'Stay ' || home.stay_id || ', ' || strftime(home.admitted_on, '%-d %b') || ' to ' || strftime(home.discharged_on, '%-d %b %Y')
        || array_to_string(list_transform(
            home.not_refilled, lambda each: '; ' || each.ingredient || ' last filled ' || strftime(each.on_day, '%-d %b') || ', claim ' || each.claim_id
        ), '')
        || array_to_string(list_transform(
            home.new_medicines, lambda each: '; ' || each.ingredient || ' first filled ' || strftime(each.on_day, '%-d %b') || ', claim ' || each.claim_id
        ), '') as evidence,
    row_number() over (
        order by len(home.not_refilled) desc, home.discharged_on, person.patient_id
    )::integer as priority,
    (home.discharged_on + 30)::date as due_on,
    null::varchar as measure,
    person.pharmacy_npi,
    'new' as state,
    home.discharged_on as since_on,
    person.patient_no
from home_from_hospital as home
inner join listable_patient as person on home.patient_no = person.patient_no
where (len(home.not_refilled) > 0 or len(home.new_medicines) > 0) and home.reviewed_on is null
