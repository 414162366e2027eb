-- Rule: A20
-- Title: Implausible day
-- Version: 1
-- Severity: recover
-- Statement: A pharmacist documents no more than most_minutes_a_day minutes on one day.
-- Message: The documented minutes of the pharmacist on this day are implausible.
-- Recovers: the payment of the line
-- Documents: The appointment book and the working hours of the day.
-- Needs: mtm_service.provider_npi
-- Parameters: most_minutes_a_day
with day as (
    select
        provider_npi,
        service_date,
        sum(coalesce(least(minutes, date_diff('minute', start_time, end_time)), minutes, 0)) as minutes,
        count(*) as sessions
    from mtm_service
    where status = 'completed' and provider_npi is not null
    group by provider_npi, service_date
)

select
    line.line_no,
    'at most ' || term.most_minutes_a_day || ' minutes on a day' as expected,
    round(day.minutes)::integer || ' minutes in ' || day.sessions || ' sessions of one pharmacist' as found,
    line.paid as at_risk
from audit_line as line
inner join audit_term as term on line.term_no = term.term_no
inner join day on line.pharmacist_npi = day.provider_npi and line.service_date = day.service_date
where line.service_id is not null and day.minutes > term.most_minutes_a_day
