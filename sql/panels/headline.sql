-- One row for each measure of a population: what is counted, the rate with its interval, and how far it may still go.
-- Rows: counts
-- Cells: margins; ~left_out = not_yet_in_measure + excluded; ~left_out stands alone while patients is told;
--   secured, on_track, due_soon, overdue, last_chance, lost make up denominator; denominator = must_fill_within_week + ~later; denominator stands alone;
--   rate, lower, upper with numerator; floor_rate with secured; ceiling_rate with lost
-- $measure varchar optional: the measure's id; every measure when left out
-- $year integer: measurement year
-- $population population: filters
select
    measure,
    year,
    max(as_of) as as_of,
    count(*) as patients,
    count(*) filter (where in_denominator) as denominator,
    count(*) filter (where in_denominator and adherent) as numerator,
    case when denominator > 0 then numerator::double / denominator end as rate,
    wilson_lower(numerator, denominator) as lower,
    wilson_upper(numerator, denominator) as upper,
    count(*) filter (where in_denominator and status = 'secured') as secured,
    count(*) filter (where in_denominator and status = 'on_track') as on_track,
    count(*) filter (where in_denominator and status = 'due_soon') as due_soon,
    count(*) filter (where in_denominator and status = 'overdue') as overdue,
    count(*) filter (where in_denominator and status = 'last_chance') as last_chance,
    count(*) filter (where in_denominator and status = 'lost') as lost,
    count(*) filter (where status = 'not_yet_in_measure') as not_yet_in_measure,
    count(*) filter (where status = 'excluded') as excluded,
    case when denominator > 0 then secured::double / denominator end as floor_rate,
    case when denominator > 0
        then count(*) filter (where in_denominator and (status = 'secured' or allowable_days_remaining >= 0))::double
            / denominator
    end as ceiling_rate,
    count(*) filter (where in_denominator and not adherent and allowable_days_remaining >= 0) as below_and_recoverable,
    count(*) filter (where in_denominator and last_impactable_on between as_of + 1 and as_of + 7) as must_fill_within_week
from population($measure, $year, $population)
group by measure, year
order by measure
