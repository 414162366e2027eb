-- One row for each review list: how many rows and people it has within the filters.
-- Rows: counts
-- Cells: patients, rows stand alone
-- $measure varchar optional: the measure's id
-- $year integer: measurement year
-- $population population: filters
select
    list_row.list,
    count(*) as rows,
    count(distinct list_row.patient_no) as patients
from list_row
inner join population($measure, $year, $population) as population
    on list_row.patient_no = population.patient_no and list_row.measure = population.measure
group by list_row.list
order by list_row.list
