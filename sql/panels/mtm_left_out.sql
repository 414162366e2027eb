-- One row for each reason for which a measure of MTM leaves something out in a year.
-- Rows: counts
-- Cells: rows adds up; hidden rows last by excluded_because
-- $measure varchar: the measure's id
-- $year integer: the year
-- $contracts varchar[] optional: contracts
-- $plans varchar[] optional: plans
-- $pharmacies varchar[] optional: pharmacies, by NPI
select excluded_because, count(*) as rows
from measure_row
where measure = $measure
    and year = $year
    and excluded_because is not null
    and ($contracts is null or list_contains($contracts, contract_id))
    and ($plans is null or list_contains($plans, plan))
    and ($pharmacies is null or list_contains($pharmacies, pharmacy_npi))
group by excluded_because
order by rows desc, excluded_because
