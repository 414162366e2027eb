-- One row for each programme and standing on the as-of day: who belongs in MTM by claims, against who is enrolled.
-- Rows: counts
-- Cells: patients stands alone
-- $program varchar optional: part_d, medicaid, commercial or other
select program, year, standing, count(*) as patients
from mtm_eligibility
where $program is null or program = $program
group by program, year, standing
order by program, standing
