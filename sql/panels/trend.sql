-- One row for each measure and month: who was adherent to date at its end, of those with an index fill by then, this year and the year before.
-- Rows: counts
-- Cells: denominator = numerator + ~below; denominator stands alone and grows by month;
--   last_denominator = last_numerator + ~last_below; last_denominator stands alone in the year before and grows by month
-- $measure varchar optional: the measure's id; every measure when left out
-- $year integer: measurement year
-- $population population: filters
with pattern as (
    select measure, year, month_adherent::integer as adherent, month_counted::integer as counted, count(*) as patients
    from (
        select measure, year, month_adherent, month_counted, in_denominator from population($measure, $year, $population)
        union all
        select measure, year, month_adherent, month_counted, in_denominator from population($measure, $year - 1, $population)
    )
    where in_denominator
    group by all
),

month as (
    select unnest(range(1, 13))::integer as month
),

told as (
    select
        p.measure,
        m.month,
        p.year,
        p.patients,
        (p.adherent >> (m.month - 1)) & 1 = 1 as is_adherent,
        (p.counted >> (m.month - 1)) & 1 = 1 as is_counted
    from month as m
    cross join pattern as p
)

select
    measure,
    month,
    coalesce(sum(patients) filter (where year = $year and is_adherent), 0)::bigint as numerator,
    coalesce(sum(patients) filter (where year = $year and is_counted), 0)::bigint as denominator,
    coalesce(sum(patients) filter (where year = $year - 1 and is_adherent), 0)::bigint as last_numerator,
    coalesce(sum(patients) filter (where year = $year - 1 and is_counted), 0)::bigint as last_denominator
from told
group by measure, month
order by measure, month
