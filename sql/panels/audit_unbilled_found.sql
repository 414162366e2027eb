-- One row: how many completed sessions of a year nobody billed, how many can still be sent, how many of those no rule would flag, and what those that can be sent would pay.
-- Rows: counts
-- Cells: sessions, can_send, would_pass, fee, no_fee are never told
-- $year integer: year of service
-- $program varchar optional: part_d, medicaid, commercial or other
-- $pharmacies varchar[] optional: pharmacies, by NPI
select
    count(*) as sessions,
    count(*) filter (where unbilled.send_by_on >= run.as_of) as can_send,
    count(*) filter (where unbilled.send_by_on >= run.as_of and flagged.service_id is null) as would_pass,
    coalesce(sum(unbilled.fee) filter (where unbilled.send_by_on >= run.as_of), 0) as fee,
    count(*) filter (where unbilled.fee is null) as no_fee
from unbilled_session as unbilled
cross join run
left join (select distinct data_source, service_id from unbilled_finding) as flagged
    on unbilled.data_source is not distinct from flagged.data_source and unbilled.service_id = flagged.service_id
where year(unbilled.held_on) = $year
    and ($program is null or unbilled.program = $program)
    and ($pharmacies is null or list_contains($pharmacies, unbilled.pharmacy_npi))
