-- One row for each month of a hospital rate, for everybody or one plan: events, member-months (discharges where those are counted), the rate with its 95% interval, and
-- whether the month is one of the last so many, of which claims are still coming in (setting run_out_months).
-- Rows: counts
-- Cells: numerator, denominator add up by year; few denominator less numerator hide numerator; rate with numerator; lower with numerator; upper with numerator
-- $measure varchar: the measure's id
-- $dimension varchar: all or plan
-- $value varchar: all, or the plan
-- $days boolean: filled in from the asker's level, true where days are shown, and with them small counts; else nothing is told of a measure whose denominator another's numerator would tell
select
    result.measure,
    result.period[1:4]::integer as year,
    result.period,
    result.numerator,
    result.denominator,
    result.rate,
    result.lower,
    result.upper,
    result.unit,
    strptime(result.period || '-01', '%Y-%m-%d')::date > date_trunc('month', run.as_of) - to_months(setting.value::integer) as is_filling_in
from hospital_result as result
cross join run
inner join setting on setting.setting = 'run_out_months'
where result.measure = $measure
    and result.dimension = $dimension
    and result.dimension_value = $value
    and length(result.period) = 7
    and ($days or not tells_hidden(result.measure))
order by result.period
