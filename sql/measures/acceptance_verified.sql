-- Title: Accepted and seen in claims
-- Topic: MTM
-- Question: Of the accepted recommendations that claims can show, how many do later claims show?
-- Counts: Recommendations.
-- Denominator: Recommendations identified in the year and accepted (as proposed or modified), whose change claims can show and whose window and run-out are over.
-- Numerator: Later claims show the change inside its window.
-- Left out: Not accepted; too early; not checkable in claims, where nothing was seen and the patient was not covered through the window, or a fill tells no dose or price, among them.
-- Unit: proportion
-- Better: higher
-- Source: This program's own; windows in data/reference/verification_window.csv
-- Limits: Claims do not see cash fills and samples, nor why a change came about.
select
    'acceptance_verified' as measure,
    year(fact.identified_date)::integer as year,
    patient.patient_id,
    fact.recommendation_id as subject_id,
    coalesce(fact.verified in ('yes', 'no'), false)::integer as denominator,
    coalesce(fact.verified = 'yes', false)::integer as numerator,
    case when not fact.accepted then 'not_accepted' when fact.verified not in ('yes', 'no') then fact.verified end as excluded_because,
    (fact.verified_on - coalesce(fact.response_date, fact.identified_date))::double as value,
    replace(fact.action, '_', ' ') || coalesce(' ' || fact.ingredient, '') || case fact.verified
        when 'yes' then ': seen in claims' when 'no' then ': not seen in claims' when 'too_early' then ': too early' else ': not checkable'
    end || coalesce(' ' || strftime(fact.verified_on, '%-d %b %Y'), '') || coalesce(', claim ' || fact.verified_by_claim_id, '') as evidence,
    coalesce(fact.contract_id, patient.contract_id) as contract_id,
    patient.plan,
    fact.pharmacy_npi,
    fact.prescriber_npi,
    fact.provider_npi
from recommendation_fact as fact
inner join patient on fact.patient_no = patient.patient_no
