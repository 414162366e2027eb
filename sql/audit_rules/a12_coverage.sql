-- Rule: A12
-- Title: Not covered
-- Version: 1
-- Severity: recover
-- Statement: The roster covers the patient on the day of service, with the payer of the claim where both name one.
-- Message: The member was not eligible on the service date.
-- Recovers: the payment of the line
-- Documents: Eligibility response of the day, enrolment history.
-- Needs: eligibility
with span as (
    select person.patient_no, eligibility.payer, eligibility.enrollment_start_date as from_on, eligibility.enrollment_end_date as to_on
    from eligibility
    inner join person on eligibility.person_id = person.patient_id
),

covered as (
    select distinct line.line_no
    from audit_line as line
    inner join span
        on line.patient_no = span.patient_no
        and line.service_date between span.from_on and span.to_on
        and coalesce(span.payer = line.payer, true)
),

other as (
    select
        line.line_no,
        max(span.payer) filter (where line.service_date between span.from_on and span.to_on) as other_payer,
        max(span.to_on) filter (where span.to_on < line.service_date) as ended_on,
        min(span.from_on) filter (where span.from_on > line.service_date) as begins_on
    from audit_line as line
    anti join covered on line.line_no = covered.line_no
    inner join span on line.patient_no = span.patient_no
    group by line.line_no
)

select
    line.line_no,
    'covered' || coalesce(' by ' || line.payer, '') || ' on ' || day_words(line.service_date) as expected,
    case
        when other.line_no is null then 'on no roster'
        when other.other_payer is not null then 'covered by ' || other.other_payer || ' alone'
        when other.ended_on is not null then 'coverage ended on ' || day_words(other.ended_on)
        else 'coverage begins on ' || day_words(other.begins_on)
    end as found,
    line.paid as at_risk
from audit_line as line
anti join covered on line.line_no = covered.line_no
left join other on line.line_no = other.line_no
