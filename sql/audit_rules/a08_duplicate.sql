-- Rule: A08
-- Title: Billed twice
-- Version: 1
-- Severity: recover
-- Statement: A patient, day, code, modifier and pharmacist are paid on one claim; a later claim of the same kind and payer is a duplicate.
-- Message: The same MTM service was paid twice.
-- Recovers: the payment of the later line
-- Documents: Proof of two separate sessions.
with told as (
    select
        *,
        first_value(struct_pack(source := data_source, id := claim_id)) over (
            partition by
                patient_no, service_date, procedure_code, coalesce(modifier, ''), coalesce(pharmacist_npi, pharmacy_npi, ''),
                coalesce(program, ''), coalesce(payer, ''), coalesce(claim_format, '')
            order by submitted_on nulls last, paid_on nulls last, data_source, claim_id, claim_line_number
        ) as first_claim
    from audit_line
)

select
    line_no,
    procedure_code || ' paid once on ' || day_words(service_date) as expected,
    'paid before on claim ' || first_claim.id as found,
    paid as at_risk
from told
where first_claim.id <> claim_id or first_claim.source is distinct from data_source
