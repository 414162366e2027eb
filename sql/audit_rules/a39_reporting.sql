-- Rule: A39
-- Title: Reporting inconsistent
-- Version: 1
-- Severity: correct
-- Statement: The enrolment around the service has a reason for opting out exactly when it has a day of opting out.
-- Message: The reported data of the member are inconsistent.
-- Recovers: nothing
-- Documents: The corrected enrolment record.
-- Needs: mtm_enrollment.opt_out_reason
select
    line.line_no,
    'a day and a reason of opting out, or neither' as expected,
    case when max(span.opted_out_on) is null then 'a reason without a day' else 'opted out on ' || day_words(max(span.opted_out_on)) || ' without a reason' end as found,
    0 as at_risk
from audit_line as line
inner join mtm_enrollment_span as span
    on line.patient_no = span.patient_no
    and line.service_date >= span.from_on
    and line.service_date < coalesce(span.opted_out_on, date '9999-12-31')
    and coalesce(span.program = line.program, true)
where (span.opted_out_on is null) <> (span.opt_out_reason is null)
group by line.line_no
