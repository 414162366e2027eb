-- One row for each drug code in the claims that maps to no drug: the fills it cannot count, most first.
-- Rows: counts
-- Cells: fills adds up; patients stands alone; supply_days with fills; hidden rows last by ndc_code
select
    ndc_code,
    fills,
    days as supply_days,
    patients
from unmapped_drug
order by fills desc, supply_days desc, ndc_code
