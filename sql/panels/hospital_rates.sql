-- One row for each hospital rate of a year, for everybody or one plan: events and member-months (discharges where those are counted, admissions for length of stay).
-- Rows: counts
-- Cells: numerator, denominator stand alone; rate with numerator; lower with numerator; upper with numerator
-- $year integer: calendar year
-- $dimension varchar: all or plan
-- $value varchar: all, or the plan
select
    result.measure,
    result.numerator,
    result.denominator,
    result.rate,
    result.lower,
    result.upper,
    result.unit
from measure_result as result
where result.period = $year::varchar
    and result.dimension = $dimension
    and result.dimension_value = $value
    and result.measure in (select measure from hospital_result)
order by result.measure
