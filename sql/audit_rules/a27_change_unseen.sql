-- Rule: A27
-- Title: Change not seen
-- Version: 1
-- Severity: correct
-- Statement: A change of medicine that was accepted shows in later fills inside its window.
-- Message: An accepted change is not seen in pharmacy claims.
-- Recovers: nothing
-- Documents: The prescriber's answer; fills paid in cash.
-- Needs: mtm_recommendation, pharmacy_claim
with unseen as (
    select patient_no, data_source, service_id, count(*) as recommendations, min(action) as action
    from recommendation_fact
    where accepted and verified = 'no' and action in ('start', 'stop', 'change_drug', 'increase_dose', 'decrease_dose')
    group by patient_no, data_source, service_id
)

select
    line.line_no,
    'the accepted change in later fills' as expected,
    unseen.recommendations || ' accepted, not seen in claims (' || replace(unseen.action, '_', ' ')
    || case when unseen.recommendations > 1 then ' and others' else '' end || ')' as found,
    0 as at_risk
from audit_line as line
inner join unseen
    on line.patient_no = unseen.patient_no
    and line.session_source is not distinct from unseen.data_source
    and line.service_id = unseen.service_id
