-- Rule: A34
-- Title: No consent
-- Version: 1
-- Severity: recover
-- Statement: The patient's consent is documented by the day of service where the payer asks for it.
-- Message: The member's consent is missing.
-- Recovers: the payment of the line
-- Documents: The signed consent with its date.
-- Needs: mtm_service.consent_date
-- Parameters: consent_required
select
    line.line_no,
    'consent by ' || day_words(line.service_date) as expected,
    coalesce('consent on ' || day_words(line.consented_on), 'no consent') as found,
    line.paid as at_risk
from audit_line as line
inner join audit_term as term on line.term_no = term.term_no
where term.consent_required = 'yes'
    and line.service_id is not null
    and line.tells_consent
    and coalesce(line.consented_on > line.service_date, true)
