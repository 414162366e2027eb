-- Title: First fill only
-- Why: A patient who never fills a second time is the commonest way to stop a medicine, and is in no measure yet.
-- Rule: Fills of the class on one day only this year, nothing else that leaves the patient out, and the period still open. In order of the day
--   the next fill is due.
-- Action: Ask how the first weeks went; arrange the second fill.
-- Source: Two fills on different days bring a patient into the measure (CMS Star Ratings technical notes).
-- Limits: A patient who began late last year and filled once this year is listed too.
select
    patient_id,
    'first_fill_only' as list,
    drug || ' filled once this year, ' || strftime(last_fill_on, '%-d %b')
    || case
        when runs_out_on is null then ''
        when days_late > 0
            then '; ran out ' || strftime(runs_out_on, '%-d %b') || ', ' || days_late || case when days_late = 1 then ' day' else ' days' end || ' late'
        else '; next fill due ' || strftime(runs_out_on + 1, '%-d %b')
    end as reason,
    evidence,
    row_number() over (order by runs_out_on nulls first, at_stake desc, recently_discharged desc, patient_id, measure)::integer as priority,
    (runs_out_on + 1)::date as due_on,
    measure,
    pharmacy_npi,
    'new' as state,
    last_fill_on as since_on,
    patient_no
from reviewable
where status = 'not_yet_in_measure'
