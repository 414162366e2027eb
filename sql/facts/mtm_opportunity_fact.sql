-- One row for each opportunity opened by the as-of day: what became of it. done (completed), removed, expired (also when its last day has passed and it
-- was never completed), in_progress, open.
select
    person.patient_no,
    opportunity.opportunity_id,
    opportunity.data_source,
    opportunity.source,
    opportunity.problem,
    opportunity.ingredient,
    opportunity.pharmacy_npi,
    opportunity.opened_on,
    opportunity.expires_on,
    opportunity.service_id,
    session.session_no,
    session.held_on as done_on,
    session.provider_npi,
    case
        when opportunity.status = 'completed' then 'done'
        when opportunity.status = 'removed' then 'removed'
        when opportunity.status = 'expired' or opportunity.expires_on < run.as_of then 'expired'
        else coalesce(opportunity.status, 'open')
    end as state
from mtm_opportunity as opportunity
inner join person on opportunity.person_id = person.patient_id
inner join run on opportunity.opened_on <= run.as_of
left join mtm_session as session
    on opportunity.data_source is not distinct from session.data_source
    and opportunity.service_id = session.service_id
    and person.patient_no = session.patient_no
