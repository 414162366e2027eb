-- One row for each plan with medical coverage in a year of hospital rates.
-- Rows: reference
-- $year integer: calendar year
select distinct plan as value
from covered_year
where year = $year and plan is not null
order by plan
