-- One row: whether medical claims are there to tell of stays and visits, and over which years of medical coverage rates can be told.
-- Rows: counts
-- Cells: none
select
    (select count(*) > 0 from hospital_year) as has_rates,
    (select count(*) > 0 from stay_fact) or (select count(*) > 0 from ed_visit_fact) as has_care,
    (select list(distinct year order by year) from hospital_year) as years
