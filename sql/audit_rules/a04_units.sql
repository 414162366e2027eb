-- Rule: A04
-- Title: Units above the time
-- Version: 1
-- Severity: recover
-- Statement: The units of a claim are no more than its documented minutes earn by the time rule of the payer.
-- Message: More units were billed than the documented minutes support.
-- Recovers: the units above those that the minutes earn, at what a unit of the line was paid
-- Documents: Start and end time of the session, without administrative time.
-- Needs: mtm_service.end_time
-- Parameters: time_rule
with timed as (
    select
        line.line_no,
        line.data_source,
        line.claim_id,
        line.claim_line_number,
        line.session_source,
        line.service_id,
        line.is_primary,
        line.units,
        line.paid,
        line.minutes,
        term.time_rule,
        time_units(line.minutes, term.time_rule) as earned
    from audit_line as line
    inner join audit_term as term on line.term_no = term.term_no
    where (line.is_primary or line.is_add_on) and line.minutes is not null
),

above as (
    select data_source, claim_id, session_source, service_id
    from timed
    group by data_source, claim_id, session_source, service_id
    having sum(greatest(units, 0)) > min(earned)
),

told as (
    select
        timed.*,
        sum(timed.units) over (
            partition by timed.data_source, timed.claim_id, timed.session_source, timed.service_id
            order by timed.is_primary desc, timed.claim_line_number
            rows between unbounded preceding and current row
        ) as so_far,
        sum(timed.units) over (partition by timed.data_source, timed.claim_id, timed.session_source, timed.service_id) as billed_units
    from timed
    semi join above
        on timed.data_source is not distinct from above.data_source
        and timed.claim_id = above.claim_id
        and timed.session_source is not distinct from above.session_source
        and timed.service_id = above.service_id
)

select
    line_no,
    billed_units::integer || ' units billed on the claim' as expected,
    round(minutes)::integer || ' documented minutes earn ' || earned || ' (' || replace(time_rule, '_', ' ') || ')' as found,
    least(units, so_far - earned) * paid / units as at_risk
from told
where so_far > earned and units > 0
