-- One row for each plan and contract of a roster, numbered.
select
    row_number() over (order by plan, contract_id)::integer as plan_no,
    plan,
    contract_id
from (select distinct plan, contract_id from roster_span)
