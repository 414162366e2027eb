-- One row for each month of a hospital rate, for everybody or one plan: events, member-months (index stays for readmissions), the rate with its 95% interval, and
-- whether the month is one of the last three, of which claims are still coming in.
-- Rows: counts
-- Cells: numerator, denominator stand alone; rate with numerator; lower with numerator; upper with numerator
-- $measure varchar: the measure's id
-- $dimension varchar: all or plan
-- $value varchar: all, or the plan
select
    result.measure,
    result.period,
    result.numerator,
    result.denominator,
    result.rate,
    result.lower,
    result.upper,
    result.unit,
    strptime(result.period || '-01', '%Y-%m-%d')::date >= date_trunc('month', run.as_of) - interval 2 month as is_filling_in
from hospital_result as result
cross join run
where result.measure = $measure
    and result.dimension = $dimension
    and result.dimension_value = $value
    and length(result.period) = 7
order by result.period
