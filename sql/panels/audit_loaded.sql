-- One row: the years of MTM claims and sessions, the last first, and whether any MTM claim is loaded.
-- Rows: reference
select
    (select count(*) > 0 from (from audit_claim limit 1)) as has_claims,
    (
        select coalesce(list(year order by year desc), [])
        from (select year(held_on)::integer as year from audit_claim union select year(held_on)::integer from mtm_session)
    ) as years
