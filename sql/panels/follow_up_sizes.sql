-- One row for each list: how many patients are on it now, and how many since so many days.
-- Rows: counts
-- Cells: beside its rows; patients = recent + ~earlier; patients stand alone
-- $within integer optional: days before the as-of day; all of them when left out
-- $days boolean: filled in from the asker's level, true where days are shown; else neither order nor filter tells days
select
    row.list,
    count(*) as patients,
    count(*) filter (where $within is null or not $days or row.since_on >= run.as_of - $within) as recent
from list_row as row
cross join run
where row.measure is null
group by row.list
order by row.list
