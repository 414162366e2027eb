-- Rule: A09
-- Title: Billed to two
-- Version: 1
-- Severity: recover
-- Statement: A patient and day at one pharmacy are billed in one claim format and to one payer.
-- Message: The service was billed on two claim types or to two payers.
-- Recovers: the payment of the claim sent later
-- Documents: Remittances of both claims, coordination of benefits.
with differing as (
    select patient_no, service_date
    from audit_line
    group by patient_no, service_date
    having min(claim_format) <> max(claim_format) or min(payer) <> max(payer)
),

told as (
    select
        line.line_no,
        line.claim_format,
        line.payer,
        line.paid,
        first_value(struct_pack(format := line.claim_format, payer := line.payer, id := line.claim_id)) over (
            partition by line.patient_no, line.service_date, coalesce(line.pharmacy_npi, line.pharmacist_npi, '')
            order by line.submitted_on nulls last, line.paid_on nulls last, line.data_source, line.claim_id, line.claim_line_number
        ) as first_claim
    from audit_line as line
    semi join differing on line.patient_no = differing.patient_no and line.service_date = differing.service_date
)

select
    line_no,
    'billed once' || coalesce(', as ' || first_claim.format, '') || coalesce(' to ' || first_claim.payer, '') as expected,
    'also billed' || coalesce(' as ' || claim_format, '') || coalesce(' to ' || payer, '') || '; first on claim ' || first_claim.id as found,
    paid as at_risk
from told
where first_claim.format <> claim_format or first_claim.payer <> payer
