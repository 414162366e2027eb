-- One row for each pharmacy with patients late or about to be, and worth a call: how many patients, in any measure.
-- Rows: counts
-- Cells: patients adds up
-- $year integer: measurement year
-- $population population: filters
select
    population.pharmacy_npi as value,
    count(distinct list_row.patient_no) as patients
from list_row
inner join population(null, $year, $population) as population
    on list_row.patient_no = population.patient_no and list_row.measure = population.measure
where list_row.list = 'adherence_at_risk' and population.pharmacy_npi is not null
group by population.pharmacy_npi
order by population.pharmacy_npi
