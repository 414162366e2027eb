-- Rule: A17
-- Title: Pharmacist not enrolled
-- Version: 1
-- Severity: recover
-- Statement: The pharmacist has a valid NPI, is on the provider roster, and is licensed, and certified where the payer asks for it, on the day of
--   service.
-- Message: The rendering pharmacist was not enrolled or certified on the service date.
-- Recovers: the payment of the line
-- Documents: Licence and certificate with their dates.
-- Needs: provider
-- Parameters: certification_required
with checked as (
    select npi, npi_checks(npi) as checks
    from (select distinct pharmacist_npi as npi from audit_line where pharmacist_npi is not null)
),

asked as (
    select distinct line.pharmacist_npi, line.service_date, coalesce(term.certification_required = 'yes', false) as asks_certified
    from audit_line as line
    inner join audit_term as term on line.term_no = term.term_no
    where line.pharmacist_npi is not null
),

-- What keeps a pharmacist from being paid on a day, where something does.
standing as (
    select
        day.pharmacist_npi,
        day.service_date,
        day.asks_certified,
        any_value(checked.checks) as checks,
        count(provider.npi) > 0 as is_listed,
        coalesce(bool_or(
            day.service_date between coalesce(provider.licensed_from, date '1900-01-01') and coalesce(provider.licensed_to, date '9999-12-31')
        ) filter (where provider.npi is not null), false) as is_licensed,
        max(provider.licensed_to) as licensed_to,
        min(provider.licensed_from) as licensed_from,
        coalesce(bool_or(day.service_date between provider.certified_from and coalesce(provider.certified_to, date '9999-12-31')), false) as is_certified
    from asked as day
    inner join checked on day.pharmacist_npi = checked.npi
    left join provider on day.pharmacist_npi = provider.npi
    group by day.pharmacist_npi, day.service_date, day.asks_certified
    having not (bool_and(checked.checks) and is_licensed and (is_certified or not day.asks_certified))
)

select
    line.line_no,
    'a pharmacist enrolled and licensed' || case when standing.asks_certified then ' and certified' else '' end
    || ' on ' || day_words(line.service_date) as expected,
    case
        when not standing.checks then 'NPI ' || line.pharmacist_npi || ' fails its check digit'
        when not standing.is_listed then 'NPI ' || line.pharmacist_npi || ' is not on the provider roster'
        when not standing.is_licensed and standing.licensed_to < line.service_date then 'licence ended on ' || day_words(standing.licensed_to)
        when not standing.is_licensed then 'licence begins on ' || day_words(standing.licensed_from)
        else 'not certified on that day'
    end as found,
    line.paid as at_risk
from audit_line as line
inner join audit_term as term on line.term_no = term.term_no
inner join standing
    on line.pharmacist_npi = standing.pharmacist_npi
    and line.service_date = standing.service_date
    and coalesce(term.certification_required = 'yes', false) = standing.asks_certified
