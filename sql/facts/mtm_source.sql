-- One row for each source of MTM sessions: which columns it fills at all. What a source never says is missing, and no rule that needs it judges its sessions.
select
    data_source,
    count(*) as sessions,
    bool_or(start_time is not null or end_time is not null) as tells_times,
    bool_or(minutes is not null or end_time is not null) as tells_minutes,
    bool_or(documented_at is not null) as tells_documented_at,
    bool_or(summary_sent_date is not null) as tells_summary,
    bool_or(summary_standard_format is not null) as tells_standard_format,
    bool_or(consent_date is not null) as tells_consent
from mtm_service
group by data_source
