-- One row: what the current results were made from.
-- Rows: reference
select
    as_of,
    years,
    built_at::varchar as built_at,
    version,
    loads
from run
