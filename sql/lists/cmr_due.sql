-- Title: Comprehensive review due
-- Topic: MTM
-- Needs: mtm_enrollment
-- Why: Each review done before the enrolment or the year ends counts; later ones do not.
-- Rule: Counted by the Part D rate of the as-of day's year, no completed review, and the enrolment not over. By the last day on which a review counts, then those who
--   have not refused, then the fewest attempts.
-- Action: Call and hold the review, or set a day for it.
-- Source: CMS 2026 Star Ratings technical notes, measure D11
-- Limits: Somebody counted may still leave the plan.
select
    person.patient_id,
    'cmr_due' as list,
    'Review to be held by ' || strftime((fact.ends_before - 1)::date, '%-d %b %Y')
        || case
            when fact.refused > 0 then '; refused before'
            when fact.unable_to_reach + fact.no_show > 0 then '; ' || (fact.unable_to_reach + fact.no_show)
                || case when fact.unable_to_reach + fact.no_show = 1 then ' attempt' else ' attempts' end || ' without reaching'
            else ''
        end as reason,
    'Enrolled ' || strftime(fact.enrolled_on, '%-d %b %Y') || coalesce(' in ' || fact.contract_id, '')
        || coalesce('; offered ' || strftime(fact.offered_on, '%-d %b %Y'), '; not offered')
        || coalesce('; last attempt ' || strftime(fact.last_attempt_on, '%-d %b'), '') as evidence,
    row_number() over (
        order by fact.ends_before, fact.refused > 0, fact.refused + fact.unable_to_reach + fact.no_show, fact.enrolled_on, person.patient_id, fact.contract_id
    )::integer as priority,
    (fact.ends_before - 1)::date as due_on,
    null::varchar as measure,
    fact.pharmacy_npi,
    'new' as state,
    fact.starts_on as since_on,
    person.patient_no
from cmr_fact as fact
inner join run on fact.year = year(run.as_of)
inner join listable_patient as person on fact.patient_no = person.patient_no
where fact.in_denominator and not fact.completed and fact.ends_before > run.as_of + 1
