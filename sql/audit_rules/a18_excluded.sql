-- Rule: A18
-- Title: Excluded provider
-- Version: 1
-- Severity: recover
-- Statement: The pharmacist is not excluded from federal programmes on the day of service.
-- Message: The provider was excluded on the service date.
-- Recovers: the payment of the line
-- Documents: The entry in the exclusion list, a reinstatement.
-- Needs: provider.excluded_from
select
    line.line_no,
    'a provider not excluded on ' || day_words(line.service_date) as expected,
    'excluded since ' || day_words(min(provider.excluded_from)) as found,
    any_value(line.paid) as at_risk
from audit_line as line
inner join provider on line.pharmacist_npi = provider.npi and line.service_date >= provider.excluded_from
group by line.line_no, line.service_date
