-- One row for each source and table that is a list of people or places: how many rows its current snapshot has.
-- Rows: counts
-- Cells: rows stands alone
with row_seen as (
    select 'eligibility' as table_name, data_source, load_id from eligibility
    union all
    select 'contact', data_source, load_id from contact
    union all
    select 'mtm_enrollment', data_source, load_id from mtm_enrollment
    union all
    select 'pharmacy', data_source, load_id from pharmacy
    union all
    select 'provider', data_source, load_id from provider
    union all
    select 'fee_schedule', data_source, load_id from fee_schedule
)

select
    table_name,
    data_source,
    count(*) as rows,
    max(load_id) as last_load
from row_seen
group by table_name, data_source
order by table_name, data_source
