-- One row for the measurement year: the rules that change by year, and where they come from.
-- Rows: reference
-- $year integer: measurement year
select
    year::integer as year,
    stay_adjustment,
    source
from adherence_year
where year = $year
