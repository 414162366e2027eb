-- One row for each line of one MTM claim: the money, with the fee of the day where the schedule has one.
-- Rows: patients
-- $patient_no integer: the patient
-- $number integer: the claim, counted from the patient's first
with claim as (
    select *
    from audit_claim
    where patient_no = $patient_no and claim_number = $number
),

fee as (
    select
        claim.line_no,
        arg_max(schedule.unit_fee, (schedule.payer is not null, schedule.modifier is not null, schedule.effective_from))::double as unit_fee
    from claim
    inner join fee_schedule as schedule
        on claim.program = schedule.program
        and claim.procedure_code = schedule.procedure_code
        and claim.held_on between schedule.effective_from and coalesce(schedule.effective_to, date '9999-12-31')
        and coalesce(schedule.payer, claim.payer, '') = coalesce(claim.payer, '')
        and coalesce(schedule.modifier, claim.modifier, '') = coalesce(claim.modifier, '')
    group by claim.line_no
)

select
    claim.claim_id,
    claim.claim_line_number,
    claim.held_on,
    claim.submitted_on,
    claim.paid_on,
    claim.payer,
    claim.program,
    claim.claim_format,
    claim.procedure_code,
    claim.modifier,
    claim.units,
    claim.claim_status,
    claim.denial_reason,
    claim.is_final,
    claim.is_reversed,
    claim.pharmacy_npi,
    pharmacy.name as pharmacy_name,
    claim.pharmacist_npi,
    claim.service_type,
    claim.minutes,
    claim.billed,
    fee.unit_fee * claim.units as fee,
    claim.paid,
    claim.at_risk,
    claim.flags,
    claim.source_file,
    claim.source_line,
    claim.load_id
from claim
left join fee on claim.line_no = fee.line_no
left join dispensing_pharmacy as pharmacy on claim.pharmacy_npi = pharmacy.npi
order by claim.claim_line_number, claim.claim_status
