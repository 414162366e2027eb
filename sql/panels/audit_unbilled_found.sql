-- One row: how many completed sessions of a year nobody billed, how many can still be sent, and what those would pay.
-- Rows: counts
-- Cells: sessions, can_send, fee, no_fee are never told
-- $year integer: year of service
-- $program varchar optional: part_d, medicaid, commercial or other
-- $pharmacies varchar[] optional: pharmacies, by NPI
select
    count(*) as sessions,
    count(*) filter (where unbilled.send_by_on >= run.as_of) as can_send,
    coalesce(sum(unbilled.fee) filter (where unbilled.send_by_on >= run.as_of), 0) as fee,
    count(*) filter (where unbilled.fee is null) as no_fee
from unbilled_session as unbilled
cross join run
where year(unbilled.held_on) = $year
    and ($program is null or unbilled.program = $program)
    and ($pharmacies is null or list_contains($pharmacies, unbilled.pharmacy_npi))
