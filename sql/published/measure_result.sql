-- One row for each measure, period and group of patients that has somebody in the denominator: the rate and its 95% interval (Wilson; Byar for hospital rates; of a mean for cents a day).
-- Kept: table
with counted as (
    select
        measure,
        year,
        as_of,
        adherent,
        plan,
        plan_contract_id,
        pharmacy_npi,
        prescriber_npi,
        month_adherent,
        month_counted
    from adherence_fact
    where in_denominator
),

grouped as (
    select measure, year::varchar as period, as_of, 'all' as dimension, 'all' as dimension_value, count(*) as d, count(*) filter (where adherent) as n
    from counted
    group by measure, year, as_of
    union all
    select measure, year::varchar, as_of, 'plan', plan, count(*), count(*) filter (where adherent)
    from counted
    where plan is not null
    group by measure, year, as_of, plan
    union all
    select measure, year::varchar, as_of, 'contract', plan_contract_id, count(*), count(*) filter (where adherent)
    from counted
    where plan_contract_id is not null
    group by measure, year, as_of, plan_contract_id
    union all
    select measure, year::varchar, as_of, 'pharmacy', pharmacy_npi, count(*), count(*) filter (where adherent)
    from counted
    where pharmacy_npi is not null
    group by measure, year, as_of, pharmacy_npi
    union all
    select measure, year::varchar, as_of, 'prescriber', prescriber_npi, count(*), count(*) filter (where adherent)
    from counted
    where prescriber_npi is not null
    group by measure, year, as_of, prescriber_npi
),

by_pharmacy as (
    select
        measure,
        year,
        as_of,
        pharmacy_npi,
        month_adherent,
        month_counted,
        count(*) as patients
    from counted
    group by all
),

by_month as (
    select
        by_pharmacy.measure,
        by_pharmacy.year || '-' || lpad(calendar.month::varchar, 2, '0') as period,
        by_pharmacy.as_of,
        by_pharmacy.pharmacy_npi,
        sum(by_pharmacy.patients)::bigint as d,
        coalesce(sum(by_pharmacy.patients) filter (where (by_pharmacy.month_adherent >> (calendar.month - 1)) & 1 = 1), 0)::bigint as n
    from by_pharmacy
    inner join (select unnest(range(1, 13))::integer as month) as calendar
        on (by_pharmacy.month_counted >> (calendar.month - 1)) & 1 = 1
    group by by_pharmacy.measure, by_pharmacy.year, calendar.month, by_pharmacy.as_of, by_pharmacy.pharmacy_npi
),

-- Measures outside the adherence family, from their own rows.
other as (
    select
        measure_row.measure,
        measure_row.year::varchar as period,
        run.as_of,
        measure_row.plan,
        measure_row.contract_id,
        measure_row.pharmacy_npi,
        measure_row.prescriber_npi,
        measure_row.provider_npi,
        sum(measure_row.denominator)::bigint as d,
        sum(measure_row.numerator)::bigint as n
    from measure_row
    cross join run
    anti join measure_code on measure_row.measure = measure_code.measure
    where measure_row.denominator > 0 and measure_row.unit is null
    group by all
),

other_grouped as (
    select measure, period, as_of, 'all' as dimension, 'all' as dimension_value, sum(d)::bigint as d, sum(n)::bigint as n
    from other
    group by measure, period, as_of
    union all
    select measure, period, as_of, 'plan', plan, sum(d)::bigint, sum(n)::bigint
    from other
    where plan is not null
    group by measure, period, as_of, plan
    union all
    select measure, period, as_of, 'contract', contract_id, sum(d)::bigint, sum(n)::bigint
    from other
    where contract_id is not null
    group by measure, period, as_of, contract_id
    union all
    select measure, period, as_of, 'pharmacy', pharmacy_npi, sum(d)::bigint, sum(n)::bigint
    from other
    where pharmacy_npi is not null
    group by measure, period, as_of, pharmacy_npi
    union all
    select measure, period, as_of, 'prescriber', prescriber_npi, sum(d)::bigint, sum(n)::bigint
    from other
    where prescriber_npi is not null
    group by measure, period, as_of, prescriber_npi
    union all
    select measure, period, as_of, 'provider', provider_npi, sum(d)::bigint, sum(n)::bigint
    from other
    where provider_npi is not null
    group by measure, period, as_of, provider_npi
),

-- What a day of a medicine costs: a mean of cents, with the interval of a mean where there are two or more.
money as (
    select
        measure_row.measure,
        measure_row.year::varchar as period,
        case when grouping(measure_row.plan) = 0 then 'plan' when grouping(measure_row.pharmacy_npi) = 0 then 'pharmacy' else 'all' end as dimension,
        case
            when grouping(measure_row.plan) = 0 then measure_row.plan
            when grouping(measure_row.pharmacy_npi) = 0 then measure_row.pharmacy_npi
            else 'all'
        end as dimension_value,
        sum(measure_row.numerator)::bigint as n,
        sum(measure_row.denominator)::bigint as d,
        mean_half(count(*), sum(measure_row.numerator), sum(measure_row.numerator::bigint * measure_row.numerator)) as half
    from measure_row
    where measure_row.denominator > 0 and measure_row.unit = 'cents a day'
    group by grouping sets (
        (measure_row.measure, measure_row.year),
        (measure_row.measure, measure_row.year, measure_row.plan),
        (measure_row.measure, measure_row.year, measure_row.pharmacy_npi)
    )
),

result as (
    select measure, period, as_of, dimension, dimension_value, d, n
    from grouped
    union all
    select measure, period, as_of, dimension, dimension_value, d, n
    from other_grouped
    union all
    select measure, period, as_of, 'all', 'all', sum(d)::bigint, sum(n)::bigint
    from by_month
    group by measure, period, as_of
    union all
    select measure, period, as_of, 'pharmacy', pharmacy_npi, d, n
    from by_month
    where pharmacy_npi is not null
)

select
    measure,
    period,
    as_of,
    dimension,
    dimension_value,
    n as numerator,
    d as denominator,
    n::double / d as rate,
    wilson_lower(n, d) as lower,
    wilson_upper(n, d) as upper,
    'proportion' as unit
from result
union all
select measure, period, run.as_of, dimension, dimension_value, n, d, n::double / d, n::double / d - half, n::double / d + half, 'cents a day'
from money
cross join run
where dimension_value is not null
union all
select measure, period, run.as_of, dimension, dimension_value, numerator, denominator, rate, lower, upper, unit
from hospital_result
cross join run
order by measure, dimension, period, dimension_value
