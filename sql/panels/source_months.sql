-- One row for each source, table and month of service in the current claims: how many rows and people came.
-- Rows: counts
-- Cells: rows adds up by table_name, data_source; patients stands alone; first_on, last_on with patients
with row_seen as (
    select 'pharmacy_claim' as table_name, data_source, person_id, dispensing_date as service_on, load_id from pharmacy_claim
    union all
    select 'medical_claim', data_source, person_id, claim_start_date, load_id from medical_claim
    union all
    select 'mtm_service', data_source, person_id, service_date, load_id from mtm_service
    union all
    select 'mtm_recommendation', data_source, person_id, identified_date, load_id from mtm_recommendation
    union all
    select 'mtm_claim', data_source, person_id, service_date, load_id from mtm_claim
    union all
    select 'lab_result', data_source, person_id, collection_datetime::date, load_id from lab_result
)

select
    table_name,
    data_source,
    date_trunc('month', service_on)::date as month,
    count(*) as rows,
    count(distinct person_id) as patients,
    min(service_on) as first_on,
    max(service_on) as last_on,
    max(load_id) as last_load
from row_seen
group by table_name, data_source, month
order by table_name desc, data_source, month
