-- One row for each pharmacy: what MTM claims of a year paid, over the documented hours of the sessions that were billed and of all completed sessions.
-- Rows: counts
-- Cells: sessions, billed_sessions, paid, hours, billed_hours are never told
-- $year integer: year of service
-- $program varchar optional: part_d, medicaid, commercial or other
-- $pharmacies varchar[] optional: pharmacies, by NPI
with paid as (
    select session_source, service_id, sum(paid) as paid
    from audit_claim
    where is_final and service_id is not null
    group by session_source, service_id
),

session as (
    select held.pharmacy_npi, coalesce(held.minutes, 0)::double as minutes, paid.paid
    from mtm_session as held
    left join paid on held.data_source is not distinct from paid.session_source and held.service_id = paid.service_id
    where held.status = 'completed'
        and year(held.held_on) = $year
        and ($program is null or held.program = $program)
        and ($pharmacies is null or list_contains($pharmacies, held.pharmacy_npi))
)

select
    session.pharmacy_npi as value,
    coalesce(any_value(pharmacy.name), session.pharmacy_npi, 'no pharmacy named') as label,
    count(*) as sessions,
    count(*) filter (where session.paid is not null) as billed_sessions,
    coalesce(sum(session.paid), 0) as paid,
    sum(session.minutes) / 60 as hours,
    coalesce(sum(session.minutes) filter (where session.paid is not null), 0) / 60 as billed_hours
from session
left join dispensing_pharmacy as pharmacy on session.pharmacy_npi = pharmacy.npi
group by session.pharmacy_npi
order by label
