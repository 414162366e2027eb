-- One row for each length of the last fill (up to 34, 35 to 83, 84 days and more): who is counted, adherent, and listed for a move to 90 days.
-- Rows: counts
-- Cells: denominator = numerator + ~below; denominator = candidates + ~others; denominator adds up
-- $measure varchar: the measure's id
-- $year integer: measurement year
-- $population population: filters
with counted as (
    select
        patient_no,
        measure,
        adherent,
        case when last_days_supply < 35 then 1 when last_days_supply < 84 then 2 else 3 end as place
    from population($measure, $year, $population)
    where in_denominator
),

candidate as (
    select distinct patient_no, measure
    from list_row
    where list = 'move_to_90_days'
)

select
    c.place,
    case c.place when 1 then 'up to 34 days' when 2 then '35 to 83 days' else '84 days and more' end as length,
    count(*) as denominator,
    count(*) filter (where c.adherent) as numerator,
    count(k.patient_no) as candidates
from counted as c
left join candidate as k on k.patient_no = c.patient_no and k.measure = c.measure
group by c.place
order by c.place
