-- Rule: A36
-- Title: Has Part D
-- Version: 1
-- Severity: recover
-- Statement: A claim to a payer that leaves out Part D is of a patient without Part D on the day: no Part D enrolment in MTM, no Medicare contract on
--   the roster.
-- Message: The member has Part D MTM; this payer does not pay.
-- Recovers: the payment of the line
-- Documents: Eligibility response of the day.
-- Needs: eligibility
-- Parameters: part_d_excluded
with asked as (
    select line.line_no, line.patient_no, line.service_date, line.paid
    from audit_line as line
    inner join audit_term as term on line.term_no = term.term_no
    where term.part_d_excluded = 'yes' and coalesce(line.program, '') <> 'part_d'
),

has as (
    select asked.line_no, span.contract_id
    from asked
    inner join mtm_enrollment_span as span
        on asked.patient_no = span.patient_no
        and span.program = 'part_d'
        and asked.service_date >= span.from_on
        and asked.service_date < coalesce(span.opted_out_on, date '9999-12-31')
    union all
    select asked.line_no, eligibility.contract_id
    from asked
    inner join person on asked.patient_no = person.patient_no
    inner join eligibility
        on person.patient_id = eligibility.person_id
        and lower(eligibility.payer_type) = 'medicare'
        and eligibility.contract_id is not null
        and asked.service_date between eligibility.enrollment_start_date and eligibility.enrollment_end_date
)

select
    asked.line_no,
    'no Part D on ' || day_words(any_value(asked.service_date)) as expected,
    'Part D' || coalesce(' in contract ' || min(has.contract_id), '') as found,
    any_value(asked.paid) as at_risk
from asked
inner join has on asked.line_no = has.line_no
group by asked.line_no
