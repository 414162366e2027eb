-- Rule: A32
-- Title: Summary late or missing
-- Version: 1
-- Severity: recover
-- Statement: A comprehensive review is followed by its written summary within summary_days, or by the plan within summary_working_days, of the day of
--   service; the day it falls due counts.
-- Message: The written summary was not sent, or sent late.
-- Recovers: the payment of the line
-- Documents: The summary with proof of delivery.
-- Needs: mtm_service.summary_sent_date
-- Parameters: summary_days, summary_working_days
with asked as (
    select
        line.*,
        term.summary_days,
        term.summary_working_days,
        case
            when term.summary_working_days is not null then working_days_after(line.service_date, term.summary_working_days)
            else line.service_date + term.summary_days
        end::date as due_on
    from audit_line as line
    inner join audit_term as term on line.term_no = term.term_no
    where line.service_type = 'cmr'
        and line.tells_summary
        and (term.summary_days is not null or term.summary_working_days is not null)
)

select
    asked.line_no,
    'sent by ' || day_words(asked.due_on) as expected,
    case
        when asked.summary_sent_on is null then 'not sent by ' || day_words(run.as_of)
        else 'sent on ' || day_words(asked.summary_sent_on) || ', ' || (asked.summary_sent_on - asked.service_date) || ' days after'
    end as found,
    asked.paid as at_risk
from asked
cross join run
where coalesce(asked.summary_sent_on, run.as_of) > asked.due_on
