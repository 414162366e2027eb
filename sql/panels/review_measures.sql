-- One row for each measure of reviews of a year, or for the MTM measure asked for: how many are counted and reach it. `value` is of the measure's own unit, mostly days.
-- Rows: counts
-- Cells: denominator = numerator + ~others; denominator, patients stand alone; denominator, numerator with patients;
--   rows, median are never told
-- $year integer: measurement year
-- $measure varchar optional: only this measure of MTM
-- $only varchar[] optional: filters that keep, each key and each key=value
-- $never varchar[] optional: filters that leave out, each key=value
with kept as (
    select measure_row.*
    from measure_row
    inner join patient on measure_row.patient_id = patient.patient_id
    cross join run
    where case
        when $measure is not null then measure_row.measure = $measure
        else measure_row.measure in (
            'cmr_completion', 'cmr_offered_within_60_days', 'cmr_summary_within_14_days', 'cmr_summary_standard_format', 'tmr_each_quarter'
        )
    end
        and measure_row.year = $year
        and chosen_person(
            $only, $never, coalesce(measure_row.plan, patient.plan), measure_row.contract_id, measure_row.pharmacy_npi,
            patient.birth_date, run.as_of, patient.gender, patient.language, patient.zip_code
        )
)

select
    measure,
    count(*) as rows,
    count(distinct patient_id) as patients,
    sum(denominator)::bigint as denominator,
    sum(numerator)::bigint as numerator,
    median(value) filter (where denominator = 1) as median
from kept
group by measure
order by measure
