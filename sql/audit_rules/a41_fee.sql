-- Rule: A41
-- Title: Paid above the fee
-- Version: 1
-- Severity: recover
-- Statement: Payer and patient together paid no more than the fee of the code on the day, times the units.
-- Message: The payment is above the fee schedule.
-- Recovers: the difference
-- Documents: The contract and its fee schedule.
-- Needs: fee_schedule
with asked as (
    select distinct program, payer, service_date, procedure_code, modifier
    from audit_line
),

fee as (
    select
        asked.*,
        arg_max(schedule.unit_fee, (schedule.payer is not null, schedule.modifier is not null, schedule.effective_from))::double as unit_fee
    from asked
    inner join fee_schedule as schedule
        on asked.program = schedule.program
        and asked.procedure_code = schedule.procedure_code
        and asked.service_date between schedule.effective_from and coalesce(schedule.effective_to, date '9999-12-31')
        and coalesce(schedule.payer, asked.payer, '') = coalesce(asked.payer, '')
        and coalesce(schedule.modifier, asked.modifier, '') = coalesce(asked.modifier, '')
    group by all
)

select
    line.line_no,
    printf('$%.2f: %.2f for %g units of %s', fee.unit_fee * line.units, fee.unit_fee, line.units, line.procedure_code) as expected,
    printf('$%.2f paid', line.paid + line.patient_paid) as found,
    round(line.paid + line.patient_paid - fee.unit_fee * line.units, 2) as at_risk
from audit_line as line
inner join fee
    on line.program = fee.program
    and line.payer is not distinct from fee.payer
    and line.service_date = fee.service_date
    and line.procedure_code = fee.procedure_code
    and line.modifier is not distinct from fee.modifier
where round(line.paid + line.patient_paid - fee.unit_fee * line.units, 2) > 0
