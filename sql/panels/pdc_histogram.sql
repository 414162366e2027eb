-- One row for each bin of PDC to date, 5 points wide and closed on the left, that somebody counted falls in.
-- Rows: counts
-- Cells: patients = numerator + ~below; ~below = recoverable + ~lost; patients adds up while numerator is told
-- $measure varchar: the measure's id
-- $year integer: measurement year
-- $population population: filters
select
    pdc_bin::integer as bin,
    count(*) as patients,
    count(*) filter (where adherent) as numerator,
    count(*) filter (where not adherent and allowable_days_remaining >= 0) as recoverable
from population($measure, $year, $population)
where in_denominator
group by pdc_bin
order by pdc_bin
