-- The day that lies a number of Mondays to Fridays after a day; from a Saturday or Sunday the count begins on Monday. Holidays are not known.
create or replace macro working_days_after(day_, days_) as (
    day_ + (days_ - greatest(isodow(day_) - 5, 0) + 2 * ((least(isodow(day_), 5) + days_ - 1) // 5))::integer
)::date
