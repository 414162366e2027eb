-- One row for each measure and pharmacy of one patient in one year: the fills that count, and their days' supply.
-- Rows: patients
-- Index day: index_day
-- $patient_no integer: the patient
-- $patient_id varchar: the patient's id as loaded
-- $year integer: measurement year
with index_day as (
    select min(index_date) as index_day
    from adherence_fact
    where patient_no = $patient_no and year = $year
),

counted_fill as (
    select distinct measure, claim_id, source_file, source_line, load_id
    from supply
    where patient_id = $patient_id and year = $year
)

select
    counted_fill.measure,
    fill.pharmacy_npi,
    pharmacy.name as pharmacy_name,
    count(*) as fills,
    sum(fill.days_supply)::bigint as supply_days,
    max(fill.dispensed_on) as last_fill_on,
    any_value(index_day.index_day) as index_day
from counted_fill
cross join index_day
inner join fill
    on fill.patient_no = $patient_no
    and fill.claim_id = counted_fill.claim_id
    and fill.load_id = counted_fill.load_id
    and fill.source_line = counted_fill.source_line
    and fill.source_file = counted_fill.source_file
left join dispensing_pharmacy as pharmacy on fill.pharmacy_npi = pharmacy.npi
group by counted_fill.measure, fill.pharmacy_npi, pharmacy.name
order by counted_fill.measure, supply_days desc, last_fill_on desc, fill.pharmacy_npi
