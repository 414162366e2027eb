-- One row for each check of what must never be, or should be looked at: how many rows it found and what that means.
-- Rows: counts
-- Cells: rows adds up
select
    "check" as name,
    severity,
    rows,
    sentence
from check_result
order by rows = 0, severity = 'warning', name
