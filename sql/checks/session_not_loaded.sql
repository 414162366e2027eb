-- Severity: warning
-- Sentence: A recommendation, opportunity, element or reviewed medicine names a session that no file holds: an element or medicine of it counts nowhere, a recommendation is of no pharmacy, programme and contract. Load the sessions.
with naming as (
    select 'mtm_recommendation' as named_in, data_source, recommendation_id as id, service_id from mtm_recommendation
    union all
    select 'mtm_opportunity', data_source, opportunity_id, service_id from mtm_opportunity
    union all
    select 'mtm_service_element', data_source, element, service_id from mtm_service_element
    union all
    select 'mtm_medication', data_source, line::varchar, service_id from mtm_medication
)

select naming.named_in, naming.data_source, naming.service_id, naming.id
from naming
anti join mtm_service as session
    on naming.data_source is not distinct from session.data_source and naming.service_id = session.service_id
where naming.service_id is not null
