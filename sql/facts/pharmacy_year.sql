-- One row for each patient, calendar year of dispensing and pharmacy that claims name: its fills and the day of the last one. is_last: it dispensed the
-- patient's last fill of the year; of several on that day, the one with the highest NPI.
with counted as (
    select patient_no, year(dispensed_on)::integer as year, pharmacy_no, count(*)::integer as fills, max(dispensed_on) as last_fill_on
    from fill
    where pharmacy_no is not null
    group by patient_no, year(dispensed_on), pharmacy_no
),

-- Day and number of the pharmacy, which follows its NPI, are one whole number.
last as (
    select patient_no, year, max((last_fill_on - date '1970-01-01') * 4294967296 + pharmacy_no) % 4294967296 as pharmacy_no
    from counted
    group by patient_no, year
)

select
    counted.patient_no,
    counted.year,
    pharmacy.npi as pharmacy_npi,
    counted.fills,
    counted.last_fill_on,
    counted.pharmacy_no = last.pharmacy_no as is_last
from counted
inner join last on counted.patient_no = last.patient_no and counted.year = last.year
inner join dispensing_pharmacy as pharmacy on counted.pharmacy_no = pharmacy.pharmacy_no
