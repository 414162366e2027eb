-- One row for each hospital rate of a year, for everybody or one plan: events and member-months (discharges where those are counted, admissions for length of stay).
-- Rows: counts
-- Cells: numerator, denominator stand alone; few denominator less numerator hide numerator; rate with numerator; lower with numerator; upper with numerator
-- $year integer: calendar year
-- $dimension varchar: all or plan
-- $value varchar: all, or the plan
-- $days boolean: filled in from the asker's level, true where days are shown, and with them small counts; else nothing is told of a measure whose denominator another's numerator would tell
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
    and ($days or not tells_hidden(result.measure))
order by result.measure
