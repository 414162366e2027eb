-- One row for each patient of a measure, counted or not, with the reason and one line of evidence; those counted first.
-- Rows: patients
-- $measure varchar: the measure's id
-- $year integer: measurement year
-- $population population: filters
-- $counted boolean optional: only those counted (true) or left out (false)
-- $rows integer optional: so many rows; all of them when left out
select
    pid,
    in_denominator,
    adherent,
    excluded_because,
    index_date,
    period_end,
    covered_days,
    elapsed_days,
    removed_days,
    fills,
    pdc,
    status
from population($measure, $year, $population)
where $counted is null or in_denominator = $counted
order by in_denominator desc, excluded_because nulls first, pid
limit $rows
