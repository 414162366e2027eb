-- One row for each last impactable day: how many patients below the threshold can still reach it and must have filled by then.
-- Rows: counts
-- Cells: patients adds up while recoverable is told
-- $measure varchar: the measure's id
-- $year integer: measurement year
-- $population population: filters
select
    last_impactable_on as on_day,
    count(*) as patients
from population($measure, $year, $population)
where in_denominator
    and not adherent
    and allowable_days_remaining >= 0
    and last_impactable_on is not null
group by last_impactable_on
order by last_impactable_on
