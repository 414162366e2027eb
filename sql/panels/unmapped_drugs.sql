-- One row for each drug code in the claims that maps to no drug: the fills it cannot count, most first.
-- Rows: counts
select
    ndc_code,
    fills,
    days as supply_days,
    patients
from unmapped_drug
order by fills desc, supply_days desc, ndc_code
