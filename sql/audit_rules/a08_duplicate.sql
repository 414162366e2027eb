-- Rule: A08
-- Title: Billed twice
-- Version: 1
-- Severity: recover
-- Statement: A patient, day, code, modifier and pharmacist are paid on one claim; a later claim of the same kind and payer is a duplicate.
-- Message: The same MTM service was paid twice.
-- Recovers: the payment of the later line
-- Documents: Proof of two separate sessions.
with alike as (
    select patient_no, service_date, procedure_code
    from audit_line
    group by patient_no, service_date, procedure_code
    having count(*) > 1
),

told as (
    select
        line.line_no,
        line.data_source,
        line.claim_id,
        line.service_date,
        line.procedure_code,
        line.paid,
        first_value(struct_pack(source := line.data_source, id := line.claim_id)) over (
            partition by
                line.patient_no, line.service_date, line.procedure_code, coalesce(line.modifier, ''),
                coalesce(line.pharmacist_npi, line.pharmacy_npi, ''), coalesce(line.program, ''), coalesce(line.payer, ''), coalesce(line.claim_format, '')
            order by line.submitted_on nulls last, line.paid_on nulls last, line.data_source, line.claim_id, line.claim_line_number
        ) as first_claim
    from audit_line as line
    semi join alike
        on line.patient_no = alike.patient_no and line.service_date = alike.service_date and line.procedure_code is not distinct from alike.procedure_code
)

select
    line_no,
    procedure_code || ' paid once on ' || day_words(service_date) as expected,
    'paid before on claim ' || first_claim.id as found,
    paid as at_risk
from told
where first_claim.id <> claim_id or first_claim.source is distinct from data_source
