-- One row for each NDC text in claims, numbered.
select
    row_number() over (order by ndc_code)::integer as ndc_no,
    ndc_code
from (select distinct ndc_code from pharmacy_claim)
