-- One row for each contract of the CMS Part D MTM beneficiary file of a year: how many rows it holds.
-- Rows: counts
-- Cells: rows are never told
-- $year integer: reporting year
select contract_id, count(*) as rows
from beneficiary_fact
where year = $year
group by contract_id
order by contract_id
