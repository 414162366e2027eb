-- Title: Follow-up kept
-- Topic: MTM
-- Question: Of the follow-ups that sessions promised, how many took place in time?
-- Counts: Sessions that say when the next one is due.
-- Denominator: Completed sessions that promise a follow-up for a day of the year, fourteen days after which have passed by the as-of day, or whose follow-up took place.
-- Numerator: A completed session that names the first, else a follow-up session, no later than fourteen days after the due day.
-- Left out: Follow-ups that are still open.
-- Unit: proportion
-- Better: higher
-- Source: This program's own
-- Limits: Only promises written down with a day are counted.
select
    'follow_up_kept' as measure,
    year(fact.follow_up_due_on)::integer as year,
    patient.patient_id,
    session.service_id as subject_id,
    (fact.state <> 'open')::integer as denominator,
    (fact.state = 'kept')::integer as numerator,
    case when fact.state = 'open' then 'not_yet_due' end as excluded_because,
    (fact.kept_on - fact.follow_up_due_on)::double as value,
    'Due ' || strftime(fact.follow_up_due_on, '%-d %b %Y') || coalesce(', held ' || strftime(fact.kept_on, '%-d %b %Y'), ', not held') as evidence,
    coalesce(session.contract_id, patient.contract_id) as contract_id,
    patient.plan,
    session.pharmacy_npi,
    session.provider_npi
from mtm_follow_up as fact
inner join mtm_session as session on fact.session_no = session.session_no
inner join patient on fact.patient_no = patient.patient_no
