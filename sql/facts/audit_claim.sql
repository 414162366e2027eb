-- One row for each line of an MTM claim: what was billed and paid, and, once however many rules flag it, what is at risk. Amounts of lines that do not stand are 0.
-- claim_number counts a patient's claims from the first. at_risk: the largest of what its rules would each recover, never more than the payment. Dollars of different rules may be the same, so they
-- are not added: what is at risk is at least this.
with flag as (
    select
        line_no,
        count(*)::integer as flags,
        list(rule_id order by rule_id) as rules,
        max(amount_at_risk) as at_risk
    from audit_finding
    group by line_no
),

claim as (
    select patient_no, data_source, claim_id, min(service_date) as first_on
    from mtm_claim_line
    group by patient_no, data_source, claim_id
),

number as (
    select
        patient_no,
        data_source,
        claim_id,
        row_number() over (partition by patient_no order by first_on, claim_id, data_source)::integer as claim_number
    from claim
)

select
    line.patient_no,
    line.line_no,
    number.claim_number,
    line.data_source,
    line.claim_id,
    line.claim_line_number,
    line.payer,
    line.plan,
    line.program,
    line.service_date as held_on,
    line.procedure_code,
    line.modifier,
    line.units::double as units,
    coalesce(documented.pharmacist_npi, line.pharmacist_npi) as pharmacist_npi,
    coalesce(documented.pharmacy_npi, line.pharmacy_npi) as pharmacy_npi,
    line.claim_status,
    line.denial_reason,
    line.submitted_date as submitted_on,
    line.paid_date as paid_on,
    line.claim_format,
    line.is_final,
    line.is_reversed,
    documented.session_source,
    documented.service_id,
    coalesce(documented.service_type, 'none') as service_type,
    documented.minutes,
    coalesce(line.billed_amount, 0)::double as billed,
    case when line.is_final then greatest(line.paid_amount, 0)::double else 0 end as paid,
    coalesce(flag.flags, 0) as flags,
    coalesce(flag.rules, []) as rules,
    coalesce(flag.at_risk, 0) as at_risk,
    line.source_file,
    line.source_line,
    line.load_id
from mtm_claim_line as line
inner join number
    on line.patient_no = number.patient_no
    and line.claim_id = number.claim_id
    and line.data_source is not distinct from number.data_source
left join audit_line as documented on line.line_no = documented.line_no
left join flag on line.line_no = flag.line_no
