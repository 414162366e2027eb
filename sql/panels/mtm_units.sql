-- One row for each unit (a pharmacy, a prescriber, a provider, a plan, a contract) of a measure of MTM: what is counted in it, this year and the year before.
-- Rows: counts
-- Cells: denominator = numerator + ~rest; denominator adds up; last_denominator = last_numerator + ~last_rest;
--   last_denominator adds up in the year before
-- $measure varchar: the measure's id
-- $year integer: the year
-- $unit varchar: pharm, presc, provider, plan or contract
with counted as (
    select
        year,
        case $unit
            when 'pharm' then pharmacy_npi
            when 'presc' then prescriber_npi
            when 'provider' then provider_npi
            when 'plan' then plan
            when 'contract' then contract_id
        end as value,
        sum(denominator)::bigint as denominator,
        sum(numerator)::bigint as numerator
    from measure_row
    where measure = $measure and year in ($year, $year - 1) and denominator > 0
    group by all
),

named as (
    select npi, arg_max(name, (load_id, source_line)) as name
    from provider
    group by npi
)

select
    now.value,
    coalesce(case when $unit = 'pharm' then pharmacy.name when $unit in ('presc', 'provider') then named.name end, now.value, 'not known') as label,
    now.numerator,
    now.denominator,
    before.numerator as last_numerator,
    before.denominator as last_denominator
from counted as now
left join counted as before on now.value is not distinct from before.value and before.year = $year - 1
left join dispensing_pharmacy as pharmacy on $unit = 'pharm' and now.value = pharmacy.npi
left join named on $unit in ('presc', 'provider') and now.value = named.npi
where now.year = $year
order by label, now.value
