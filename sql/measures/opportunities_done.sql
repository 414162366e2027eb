-- Title: Opportunities done
-- Topic: MTM
-- Question: Of what plans and vendors asked for, how many were done?
-- Counts: Opportunities.
-- Denominator: Opportunities opened in the year that were done or have expired.
-- Numerator: Done.
-- Left out: Still open; removed by who asked.
-- Unit: proportion
-- Better: higher
-- Source: This program's own
-- Limits: What the plan's or vendor's file says; done is not what was achieved.
select
    'opportunities_done' as measure,
    year(fact.opened_on)::integer as year,
    patient.patient_id,
    fact.opportunity_id as subject_id,
    (fact.state in ('done', 'expired'))::integer as denominator,
    (fact.state = 'done')::integer as numerator,
    case when fact.state = 'removed' then 'removed' when fact.state in ('open', 'in_progress') then 'still_open' end as excluded_because,
    (fact.done_on - fact.opened_on)::double as value,
    coalesce(replace(fact.problem, '_', ' '), 'no problem named') || coalesce(', ' || fact.ingredient, '') || ': ' || replace(fact.state, '_', ' ')
        || coalesce('; expires ' || strftime(fact.expires_on, '%-d %b %Y'), '') as evidence,
    patient.contract_id,
    patient.plan,
    fact.pharmacy_npi,
    fact.provider_npi
from mtm_opportunity_fact as fact
inner join patient on fact.patient_no = patient.patient_no
