-- Rule: A01
-- Title: No documentation
-- Version: 1
-- Severity: recover
-- Statement: A paid line has a completed session of the same patient, day and pharmacist.
-- Message: This paid MTM service has no encounter documentation.
-- Recovers: the payment of the line
-- Documents: The session note with patient, pharmacist, date, start and end time.
-- Needs: mtm_service
select
    line_no,
    'a completed session on ' || day_words(service_date) || coalesce(' by pharmacist ' || pharmacist_npi, '') as expected,
    case
        when named is null and claimed_service_id is null then 'no session of the patient on that day; the claim names none'
        when named is null then 'no session of the patient on that day; the session that the claim names is not there'
        when not named.is_patient then 'the session that the claim names is of another patient'
        when named.status <> 'completed' then 'the session that the claim names is ' || replace(named.status, '_', ' ')
        when named.held_on <> service_date then 'the session that the claim names was on ' || day_words(named.held_on)
        else 'the session that the claim names was held by pharmacist ' || coalesce(named.provider_npi, 'unknown')
    end as found,
    paid as at_risk
from audit_line
where service_id is null
