-- Title: Lost for the year, for care
-- Why: These patients cannot reach the threshold this year, whatever they fill, and may need care all the more.
-- Rule: Counted, and more days missed than the year allows; still covered. The longest without supply first.
-- Action: A clinical question, not a measure's: is the medicine still wanted, tolerated, affordable?
-- Source: This program's own.
-- Limits: A prescriber may have stopped the medicine; claims do not say.
select
    patient_id,
    'lost_for_year_clinical' as list,
    drug
    || case
        when runs_out_on is null then ' never enough on hand'
        when days_late > 0
            then ' ran out ' || strftime(runs_out_on, '%-d %b') || ', ' || days_late || case when days_late = 1 then ' day' else ' days' end || ' ago'
        else ' on hand until ' || strftime(runs_out_on, '%-d %b')
    end
    || '; ' || missed_days || ' days missed since ' || strftime(index_date, '%-d %b') || ', more than the year allows' as reason,
    evidence,
    row_number() over (order by days_late desc, at_stake desc, recently_discharged desc, patient_id, measure)::integer as priority,
    null::date as due_on,
    measure,
    pharmacy_npi,
    'new' as state,
    case when days_late > 0 then coalesce(runs_out_on + 1, index_date) else last_fill_on end::date as since_on,
    patient_no
from reviewable
where in_denominator and status = 'lost'
