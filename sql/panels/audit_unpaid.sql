-- One row for each MTM claim of a year that is denied and was not paid since, or waits for payment: why, for how long, and the last day on which it can be sent again.
-- Rows: patients
-- $year integer: year of service
-- $program varchar optional: part_d, medicaid, commercial or other
-- $pharmacies varchar[] optional: pharmacies, by NPI
with open_line as (
    select claim.*
    from audit_claim as claim
    anti join (select distinct patient_no, held_on, procedure_code from audit_claim where is_final) as paid
        on claim.patient_no = paid.patient_no and claim.held_on = paid.held_on and claim.procedure_code = paid.procedure_code
    where claim.claim_status in ('denied', 'pending')
        and year(claim.held_on) = $year
        and ($program is null or claim.program = $program)
        and ($pharmacies is null or list_contains($pharmacies, claim.pharmacy_npi))
),

claim as (
    select
        patient_no,
        claim_number,
        claim_id,
        data_source,
        min(held_on) as held_on,
        min(submitted_on) as submitted_on,
        any_value(payer) as payer,
        any_value(program) as program,
        any_value(pharmacy_npi) as pharmacy_npi,
        max(claim_status) as claim_status,
        max(denial_reason) as denial_reason,
        sum(billed) as billed
    from open_line
    group by patient_no, claim_number, claim_id, data_source
)

select
    patient.pid,
    claim.claim_number,
    claim.claim_id,
    claim.held_on,
    claim.submitted_on,
    claim.payer,
    claim.program,
    pharmacy.name as pharmacy_name,
    claim.claim_status,
    claim.denial_reason,
    claim.billed,
    (run.as_of - claim.submitted_on)::integer as waiting_days,
    claim.held_on + term.submit_days as send_by_on,
    claim.held_on + term.submit_days >= run.as_of as can_send
from claim
cross join run
inner join patient on claim.patient_no = patient.patient_no
left join dispensing_pharmacy as pharmacy on claim.pharmacy_npi = pharmacy.npi
left join audit_term as term
    on claim.program is not distinct from term.program and claim.payer is not distinct from term.payer and claim.held_on = term.service_date
order by claim.claim_status, claim.denial_reason, send_by_on, patient.pid, claim.claim_number
