-- One row for each month: who was adherent to date at its end, of those with an index fill by then, this year and the year before.
-- $measure varchar: the measure's id
-- $year integer: measurement year
-- $population population: filters
with pattern as (
    select year, month_adherent::integer as adherent, month_counted::integer as counted, count(*) as patients
    from (
        select year, month_adherent, month_counted, in_denominator from population($measure, $year, $population)
        union all
        select year, month_adherent, month_counted, in_denominator from population($measure, $year - 1, $population)
    )
    where in_denominator
    group by all
),

month as (
    select unnest(range(1, 13))::integer as month
)

select
    m.month,
    coalesce(sum(p.patients) filter (where p.year = $year and (p.adherent >> (m.month - 1)) & 1 = 1), 0)::bigint as numerator,
    coalesce(sum(p.patients) filter (where p.year = $year and (p.counted >> (m.month - 1)) & 1 = 1), 0)::bigint as denominator,
    coalesce(sum(p.patients) filter (where p.year = $year - 1 and (p.adherent >> (m.month - 1)) & 1 = 1), 0)::bigint
        as last_numerator,
    coalesce(sum(p.patients) filter (where p.year = $year - 1 and (p.counted >> (m.month - 1)) & 1 = 1), 0)::bigint
        as last_denominator
from month as m
left join pattern as p on true
group by m.month
order by m.month
