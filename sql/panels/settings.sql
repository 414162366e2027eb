-- One row for each setting: the numbers and rules that the calculations lean on and that a user may change, and where each comes from.
-- mark: V, read in the named source; V2, read in a secondary source; M, from memory; D, decided here.
-- Rows: reference
select
    setting,
    value,
    unit,
    meaning,
    source,
    mark
from setting
order by setting
