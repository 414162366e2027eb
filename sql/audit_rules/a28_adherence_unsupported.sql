-- Rule: A28
-- Title: Adherence not supported
-- Version: 1
-- Severity: note
-- Statement: An adherence problem said to be resolved has a refill inside its window.
-- Message: The resolution of an adherence problem is not supported by fills.
-- Recovers: nothing
-- Documents: Fills elsewhere or paid in cash.
-- Needs: mtm_recommendation, pharmacy_claim
with unseen as (
    select patient_no, data_source, service_id, count(*) as recommendations
    from recommendation_fact
    where problem = 'adherence' and resolved = 'yes' and verified = 'no'
    group by patient_no, data_source, service_id
)

select
    line.line_no,
    'a refill after the problem was resolved' as expected,
    unseen.recommendations || ' resolved, no refill seen' as found,
    0 as at_risk
from audit_line as line
inner join unseen
    on line.patient_no = unseen.patient_no
    and line.session_source is not distinct from unseen.data_source
    and line.service_id = unseen.service_id
