-- Severity: warning
-- Sentence: A recommendation or opportunity names a session of another patient; it is read as of none, so its pharmacy, programme and contract are not known. Ask the sender for ids that no two patients share.
with naming as (
    select 'mtm_recommendation' as named_in, data_source, recommendation_id as id, person_id, service_id from mtm_recommendation
    union all
    select 'mtm_opportunity', data_source, opportunity_id, person_id, service_id from mtm_opportunity
)

select naming.named_in, naming.data_source, naming.id
from naming
inner join mtm_service as session
    on naming.data_source is not distinct from session.data_source and naming.service_id = session.service_id
where naming.person_id <> session.person_id
