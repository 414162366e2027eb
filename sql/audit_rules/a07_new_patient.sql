-- Rule: A07
-- Title: Established patient
-- Version: 1
-- Severity: recover
-- Statement: A patient billed with 99605 had no paid MTM service at the same pharmacy in the new_patient_days before.
-- Message: The new-patient code was billed for an established patient.
-- Recovers: the payment above the fee of 99606, or all of it where the fee schedule has none
-- Documents: The date of the first service by this provider.
-- Parameters: new_patient_days
with visit as (
    select distinct patient_no, coalesce(pharmacy_npi, pharmacist_npi, '') as provider, service_date
    from audit_line
),

told as (
    select *, lag(service_date) over (partition by patient_no, provider order by service_date) as before_on
    from visit
),

fee as (
    select
        line.line_no,
        arg_max(schedule.unit_fee, (schedule.payer is not null, schedule.effective_from))::double as established_fee
    from audit_line as line
    inner join fee_schedule as schedule
        on line.program = schedule.program
        and schedule.procedure_code = '99606'
        and schedule.modifier is null
        and line.service_date between schedule.effective_from and coalesce(schedule.effective_to, date '9999-12-31')
        and coalesce(schedule.payer, line.payer, '') = coalesce(line.payer, '')
    where line.procedure_code = '99605'
    group by line.line_no
)

select
    line.line_no,
    'no paid MTM service here since ' || day_words(line.service_date - term.new_patient_days) as expected,
    'a paid service on ' || day_words(told.before_on) || ', ' || (line.service_date - told.before_on) || ' days before' as found,
    line.paid - coalesce(fee.established_fee * line.units, 0) as at_risk
from audit_line as line
inner join audit_term as term on line.term_no = term.term_no
inner join told
    on line.patient_no = told.patient_no
    and coalesce(line.pharmacy_npi, line.pharmacist_npi, '') = told.provider
    and line.service_date = told.service_date
left join fee on line.line_no = fee.line_no
where line.procedure_code = '99605' and line.service_date - told.before_on <= term.new_patient_days
