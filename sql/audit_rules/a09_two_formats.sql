-- Rule: A09
-- Title: Billed to two
-- Version: 1
-- Severity: recover
-- Statement: A patient and day at one pharmacy are billed in one claim format and to one payer.
-- Message: The service was billed on two claim types or to two payers.
-- Recovers: the payment of the claim sent later
-- Documents: Remittances of both claims, coordination of benefits.
with told as (
    select
        *,
        first_value(struct_pack(format := claim_format, payer := payer, id := claim_id)) over (
            partition by patient_no, service_date, coalesce(pharmacy_npi, pharmacist_npi, '')
            order by submitted_on nulls last, paid_on nulls last, data_source, claim_id, claim_line_number
        ) as first_claim
    from audit_line
)

select
    line_no,
    'billed once' || coalesce(', as ' || first_claim.format, '') || coalesce(' to ' || first_claim.payer, '') as expected,
    'also billed' || coalesce(' as ' || claim_format, '') || coalesce(' to ' || payer, '') || '; first on claim ' || first_claim.id as found,
    paid as at_risk
from told
where first_claim.format <> claim_format or first_claim.payer <> payer
