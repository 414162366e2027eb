-- One row for each list: how many patients are on it now, and how many since so many days.
-- Rows: counts
-- Cells: beside its rows; patients = recent + ~earlier; patients stand alone
-- $days integer optional: days before the as-of day; all of them when left out
select
    row.list,
    count(*) as patients,
    count(*) filter (where $days is null or row.since_on >= run.as_of - $days) as recent
from list_row as row
cross join run
where row.measure is null
group by row.list
order by row.list
