-- One row for each measure of MTM: what is counted of the year, and the rate with its interval.
-- Rows: counts
-- Cells: denominator = numerator + ~rest; denominator stands alone; rate, lower, upper with numerator; left_out stands alone
-- $measure varchar optional: the measure's id; every measure of MTM when left out
-- $year integer: the year
-- $contracts varchar[] optional: contracts
-- $plans varchar[] optional: plans
-- $pharmacies varchar[] optional: pharmacies, by NPI
select
    measure_row.measure,
    measure_row.year,
    any_value(run.as_of) as as_of,
    sum(measure_row.denominator)::bigint as denominator,
    sum(measure_row.numerator)::bigint as numerator,
    count(*) filter (where measure_row.excluded_because is not null) as left_out,
    case when sum(measure_row.denominator) > 0 then sum(measure_row.numerator)::double / sum(measure_row.denominator) end as rate,
    wilson_lower(sum(measure_row.numerator), sum(measure_row.denominator)) as lower,
    wilson_upper(sum(measure_row.numerator), sum(measure_row.denominator)) as upper
from measure_row
cross join run
anti join measure_code on measure_row.measure = measure_code.measure
where ($measure is null or measure_row.measure = $measure)
    and measure_row.year = $year
    and ($contracts is null or list_contains($contracts, measure_row.contract_id))
    and ($plans is null or list_contains($plans, measure_row.plan))
    and ($pharmacies is null or list_contains($pharmacies, measure_row.pharmacy_npi))
group by measure_row.measure, measure_row.year
order by measure_row.measure
