-- Rule: A07
-- Title: Established patient
-- Version: 1
-- Severity: recover
-- Statement: A patient billed with 99605 had no paid MTM service at the same pharmacy in the new_patient_days before.
-- Message: The new-patient code was billed for an established patient.
-- Recovers: the payment above the fee of 99606, or all of it where the fee schedule has none
-- Documents: The date of the first service by this provider.
-- Parameters: new_patient_days
with new_patient as (
    select
        line.line_no,
        line.patient_no,
        coalesce(line.pharmacy_npi, line.pharmacist_npi, '') as provider,
        line.service_date,
        line.program,
        line.payer,
        line.units,
        line.paid,
        term.new_patient_days
    from audit_line as line
    inner join audit_term as term on line.term_no = term.term_no
    where line.procedure_code = '99605'
),

established as (
    select line.line_no, max(visit.service_date) as before_on
    from new_patient as line
    inner join audit_line as visit
        on line.patient_no = visit.patient_no
        and line.provider = coalesce(visit.pharmacy_npi, visit.pharmacist_npi, '')
        and visit.service_date < line.service_date
        and visit.service_date >= line.service_date - line.new_patient_days
    group by line.line_no
),

hit as (
    select line.*, established.before_on
    from new_patient as line
    inner join established on line.line_no = established.line_no
),

fee as (
    select
        hit.line_no,
        arg_max(schedule.unit_fee, (schedule.payer is not null, schedule.effective_from))::double as established_fee
    from hit
    inner join fee_schedule as schedule
        on hit.program = schedule.program
        and schedule.procedure_code = '99606'
        and schedule.modifier is null
        and hit.service_date between schedule.effective_from and coalesce(schedule.effective_to, date '9999-12-31')
        and coalesce(schedule.payer, hit.payer, '') = coalesce(hit.payer, '')
    group by hit.line_no
)

select
    hit.line_no,
    'no paid MTM service here since ' || day_words(hit.service_date - hit.new_patient_days) as expected,
    'a paid service on ' || day_words(hit.before_on) || ', ' || (hit.service_date - hit.before_on) || ' days before' as found,
    hit.paid - coalesce(fee.established_fee * hit.units, 0) as at_risk
from hit
left join fee on hit.line_no = fee.line_no
