-- One row for each measure of a population: what is counted, the rate with its interval, and how far it may still go.
-- Rows: counts
-- Cells: margins; ~left_out = not_yet_in_measure + excluded; ~left_out stands alone while patients is told;
--   secured, on_track, due_soon, overdue, last_chance, lost make up denominator; denominator = must_fill_within_week + ~later; denominator stands alone;
--   rate, lower, upper with numerator; floor_rate with secured; ceiling_rate with lost
-- $measure varchar optional: the measure's id; every measure when left out
-- $year integer: measurement year
-- $population population: filters
with pattern as (
    select
        measure,
        status,
        in_denominator,
        adherent,
        allowable_days_remaining >= 0 as is_recoverable,
        last_impactable_on between as_of + 1 and as_of + 7 as is_within_week,
        max(as_of) as as_of,
        count(*) as patients
    from population($measure, $year, $population)
    group by all
),

counted as (
    select
        measure,
        max(as_of) as as_of,
        sum(patients) as patients,
        sum(patients) filter (where in_denominator) as denominator,
        sum(patients) filter (where in_denominator and adherent) as numerator,
        sum(patients) filter (where in_denominator and status = 'secured') as secured,
        sum(patients) filter (where in_denominator and status = 'on_track') as on_track,
        sum(patients) filter (where in_denominator and status = 'due_soon') as due_soon,
        sum(patients) filter (where in_denominator and status = 'overdue') as overdue,
        sum(patients) filter (where in_denominator and status = 'last_chance') as last_chance,
        sum(patients) filter (where in_denominator and status = 'lost') as lost,
        sum(patients) filter (where status = 'not_yet_in_measure') as not_yet_in_measure,
        sum(patients) filter (where status = 'excluded') as excluded,
        sum(patients) filter (where in_denominator and (status = 'secured' or is_recoverable)) as reachable,
        sum(patients) filter (where in_denominator and not adherent and is_recoverable) as below_and_recoverable,
        sum(patients) filter (where in_denominator and is_within_week) as must_fill_within_week
    from pattern
    group by measure
),

whole as (
    select measure, as_of, coalesce(columns(* exclude (measure, as_of)), 0)::bigint
    from counted
)

select
    measure,
    $year as year,
    as_of,
    patients,
    denominator,
    numerator,
    case when denominator > 0 then numerator::double / denominator end as rate,
    wilson_lower(numerator, denominator) as lower,
    wilson_upper(numerator, denominator) as upper,
    secured,
    on_track,
    due_soon,
    overdue,
    last_chance,
    lost,
    not_yet_in_measure,
    excluded,
    case when denominator > 0 then secured::double / denominator end as floor_rate,
    case when denominator > 0 then reachable::double / denominator end as ceiling_rate,
    below_and_recoverable,
    must_fill_within_week
from whole
order by measure
