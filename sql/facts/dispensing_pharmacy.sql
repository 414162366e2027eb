-- One row for each pharmacy in claims or in the roster of pharmacies; the name is null when no roster names it.
with seen as (
    select distinct dispensing_provider_npi as npi from pharmacy_claim where dispensing_provider_npi is not null
    union
    select npi from pharmacy
),

named as (
    select
        npi,
        arg_max(name, (load_id, source_line)) as name,
        arg_max(store_number, (load_id, source_line)) as store_number,
        arg_max(city, (load_id, source_line)) as city,
        arg_max(state, (load_id, source_line)) as state,
        arg_max(phone, (load_id, source_line)) as phone
    from pharmacy
    group by npi
)

select
    row_number() over (order by seen.npi)::integer as pharmacy_no,
    seen.npi,
    named.name,
    named.store_number,
    named.city,
    named.state,
    named.phone
from seen
left join named on seen.npi = named.npi
order by pharmacy_no
