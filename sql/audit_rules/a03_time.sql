-- Rule: A03
-- Title: No credible time
-- Version: 1
-- Severity: recover
-- Statement: A documented session has a start and a later end.
-- Message: The service time is missing or not credible.
-- Recovers: the payment of the line
-- Documents: The record with start and end time, or the appointment book.
-- Needs: mtm_service.start_time
select
    line_no,
    'a start and a later end' as expected,
    case
        when start_time is null and end_time is null then 'neither start nor end'
        when start_time is null then 'no start'
        when end_time is null then 'no end'
        else 'it began and ended at ' || strftime(start_time, '%H:%M')
    end as found,
    paid as at_risk
from audit_line
where service_id is not null
    and tells_times
    and (start_time is null or end_time is null or end_time <= start_time)
