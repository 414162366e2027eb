-- One row for each prescriber in claims or in the roster of providers; the name is null when no roster names it.
with seen as (
    select distinct prescribing_provider_npi as npi from pharmacy_claim where prescribing_provider_npi is not null
    union
    select npi from provider where kind = 'prescriber'
),

named as (
    select
        npi,
        arg_max(name, (load_id, source_line)) as name,
        arg_max(specialty, (load_id, source_line)) as specialty,
        arg_max(phone, (load_id, source_line)) as phone,
        arg_max(fax, (load_id, source_line)) as fax
    from provider
    group by npi
)

select
    row_number() over (order by seen.npi)::integer as prescriber_no,
    seen.npi,
    named.name,
    named.specialty,
    named.phone,
    named.fax
from seen
left join named on seen.npi = named.npi
order by prescriber_no
