-- Rule: A13
-- Title: Not in the programme
-- Version: 1
-- Severity: recover
-- Statement: The patient is enrolled in the MTM programme of the claim on the day of service; the day of opting out is outside.
-- Message: The service is outside the enrolment in the MTM programme.
-- Recovers: the payment of the line
-- Documents: Enrolment and opt-out records of the programme.
-- Needs: mtm_enrollment
with enrolled as (
    select distinct line.line_no
    from audit_line as line
    inner join mtm_enrollment_span as span
        on line.patient_no = span.patient_no
        and line.service_date >= span.from_on
        and line.service_date < coalesce(span.opted_out_on, date '9999-12-31')
        and coalesce(span.program = line.program, true)
),

other as (
    select
        line.line_no,
        max(span.opted_out_on) filter (where span.opted_out_on <= line.service_date) as opted_out_on,
        min(span.from_on) filter (where span.from_on > line.service_date) as begins_on
    from audit_line as line
    anti join enrolled on line.line_no = enrolled.line_no
    inner join mtm_enrollment_span as span on line.patient_no = span.patient_no and coalesce(span.program = line.program, true)
    group by line.line_no
)

select
    line.line_no,
    'enrolled in MTM on ' || day_words(line.service_date) as expected,
    case
        when other.opted_out_on is not null then 'opted out on ' || day_words(other.opted_out_on)
        when other.begins_on is not null then 'enrolled from ' || day_words(other.begins_on)
        else 'no enrolment in this programme'
    end as found,
    line.paid as at_risk
from audit_line as line
anti join enrolled on line.line_no = enrolled.line_no
left join other on line.line_no = other.line_no
