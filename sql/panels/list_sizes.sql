-- One row for each review list: how many rows and people it has within the filters.
-- $measure varchar optional: the measure's id
-- $year integer: measurement year
-- $population population: filters
select
    review_list.list,
    count(*) as rows,
    count(distinct review_list.patient_no) as patients
from review_list
inner join population($measure, $year, $population) as population
    on review_list.patient_no = population.patient_no and review_list.measure = population.measure
group by review_list.list
order by review_list.list
