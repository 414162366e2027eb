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
with standing as (
    select
        line.line_no,
        count(*) as rows,
        bool_or(
            line.service_date between coalesce(provider.licensed_from, date '1900-01-01') and coalesce(provider.licensed_to, date '9999-12-31')
        ) as is_licensed,
        max(provider.licensed_to) as licensed_to,
        min(provider.licensed_from) as licensed_from,
        bool_or(
            line.service_date between provider.certified_from and coalesce(provider.certified_to, date '9999-12-31')
        ) as is_certified
    from audit_line as line
    inner join provider on line.pharmacist_npi = provider.npi
    group by line.line_no
)

select
    line.line_no,
    'a pharmacist enrolled and licensed' || case when term.certification_required = 'yes' then ' and certified' else '' end
    || ' on ' || day_words(line.service_date) as expected,
    case
        when not npi_checks(line.pharmacist_npi) then 'NPI ' || line.pharmacist_npi || ' fails its check digit'
        when standing.line_no is null then 'NPI ' || line.pharmacist_npi || ' is not on the provider roster'
        when not standing.is_licensed and standing.licensed_to < line.service_date then 'licence ended on ' || day_words(standing.licensed_to)
        when not standing.is_licensed then 'licence begins on ' || day_words(standing.licensed_from)
        else 'not certified on that day'
    end as found,
    line.paid as at_risk
from audit_line as line
inner join audit_term as term on line.term_no = term.term_no
left join standing on line.line_no = standing.line_no
where line.pharmacist_npi is not null
    and (
        not npi_checks(line.pharmacist_npi)
        or standing.line_no is null
        or not standing.is_licensed
        or (term.certification_required = 'yes' and not coalesce(standing.is_certified, false))
    )
