-- One row: what in the data may bend the results: fills of unknown drugs, and checks that found rows.
-- Rows: counts
-- Cells: fills = unmapped_fills + ~mapped; fills stands alone; unmapped_days with unmapped_fills; check_rows stands alone
with unmapped as (
    select
        coalesce(sum(fills), 0)::bigint as fills,
        coalesce(sum(days), 0)::bigint as supply_days,
        count(*) as codes
    from unmapped_drug
),

found as (
    select
        count(*) as checks,
        coalesce(sum(rows), 0)::bigint as rows
    from check_result
    where rows > 0
)

select
    unmapped.fills as unmapped_fills,
    unmapped.supply_days as unmapped_days,
    unmapped.codes as unmapped_codes,
    (select count(*) from fill) as fills,
    found.checks,
    found.rows as check_rows
from unmapped
cross join found
