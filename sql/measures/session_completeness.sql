-- Title: Required elements documented
-- Topic: MTM
-- Question: Of what a review or follow-up session must document, how much is documented?
-- Counts: Required elements of completed sessions.
-- Denominator: Elements that the programme requires of that kind of session, less those documented as not applicable.
-- Numerator: Elements documented as yes, in the session's elements or, where these are silent, in its list of medicines.
-- Left out: Kinds of session that the table asks nothing of; not applicable elements.
-- Unit: proportion
-- Better: higher
-- Source: This program's own; the required sets are data/reference/session_element.csv
-- Limits: Missing is not no: both are outside the numerator and told apart beside it. What was done and not written down is not seen.
select
    'session_completeness' as measure,
    year(session.held_on)::integer as year,
    patient.patient_id,
    session.service_id as subject_id,
    fact.required - fact.not_applicable as denominator,
    fact.yes as numerator,
    null::varchar as excluded_because,
    case when fact.required > fact.not_applicable then fact.yes::double / (fact.required - fact.not_applicable) end as value,
    fact.yes || ' of ' || (fact.required - fact.not_applicable) || ' documented'
        || case when fact.no > 0 then ', ' || fact.no || ' no' else '' end
        || case when fact.missing > 0 then ', missing ' || replace(array_to_string(fact.missing_elements, ', '), '_', ' ') else '' end as evidence,
    coalesce(session.contract_id, patient.contract_id) as contract_id,
    patient.plan,
    session.pharmacy_npi,
    session.provider_npi
from mtm_session_completeness as fact
inner join mtm_session as session on fact.session_no = session.session_no
inner join patient on fact.patient_no = patient.patient_no
