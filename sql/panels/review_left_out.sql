-- One row for each reason for which one MTM measure of a year leaves out a row, and one without a reason for those counted.
-- Rows: counts
-- Cells: rows, patients stand alone; rows with patients; hidden rows last by left_out_because
-- $measure varchar: the measure's id
-- $year integer: measurement year
-- $only varchar[] optional: filters that keep, each key and each key=value
-- $never varchar[] optional: filters that leave out, each key=value
select
    case when measure_row.denominator = 0 then coalesce(measure_row.excluded_because, 'not counted') end as left_out_because,
    count(*) as rows,
    count(distinct measure_row.patient_id) as patients
from measure_row
inner join patient on measure_row.patient_id = patient.patient_id
cross join run
where measure_row.measure = $measure
    and measure_row.year = $year
    and chosen_person(
        $only, $never, coalesce(measure_row.plan, patient.plan), measure_row.contract_id, measure_row.pharmacy_npi,
        patient.birth_date, run.as_of, patient.gender, patient.language, patient.zip_code
    )
group by left_out_because
order by rows desc, left_out_because
