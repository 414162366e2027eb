-- One row for each source and problem of the opportunities opened in a year: what became of them.
-- Rows: counts
-- Cells: opened = done + expired + removed + still_open; opened adds up; hidden rows last by problem
-- $year integer: the year
-- $pharmacies varchar[] optional: pharmacies, by NPI
select
    source,
    problem,
    count(*) as opened,
    count(*) filter (where state = 'done') as done,
    count(*) filter (where state = 'expired') as expired,
    count(*) filter (where state = 'removed') as removed,
    count(*) filter (where state in ('open', 'in_progress')) as still_open
from mtm_opportunity_fact
where year(opened_on) = $year and ($pharmacies is null or list_contains($pharmacies, pharmacy_npi))
group by source, problem
order by opened desc, source, problem
