-- One row for each MTM claim of a year with a line that stands or is flagged: its lines together, what was documented, and the rules that flag it.
-- Rows: patients
-- $year integer: year of service
-- $program varchar optional: part_d, medicaid, commercial or other
-- $payer varchar optional: who pays
-- $pharmacies varchar[] optional: pharmacies, by NPI
-- $rule varchar optional: a rule that flags the claim
-- $flagged boolean optional: true for flagged claims only, false for the others
-- $by_risk boolean: true for the largest amount at risk first, false by day of service
-- $first integer: rows to leave out before
-- $rows integer optional: rows at most; all when left out
with claim as (
    select
        claim.patient_no,
        claim.claim_number,
        claim.data_source,
        claim.claim_id,
        min(claim.held_on) as held_on,
        min(claim.submitted_on) as submitted_on,
        max(claim.paid_on) as paid_on,
        any_value(claim.payer) as payer,
        any_value(claim.program) as program,
        any_value(claim.pharmacy_npi) as pharmacy_npi,
        any_value(claim.pharmacist_npi) as pharmacist_npi,
        any_value(claim.service_type) as service_type,
        any_value(claim.session_source) as session_source,
        any_value(claim.service_id) as service_id,
        any_value(claim.minutes) as minutes,
        string_agg(claim.procedure_code || ' × ' || claim.units::integer, ', ' order by claim.claim_line_number) as codes,
        sum(claim.billed) as billed,
        sum(claim.paid) as paid,
        sum(claim.at_risk) as at_risk,
        list_sort(list_distinct(flatten(list(claim.rules)))) as rules
    from audit_claim as claim
    where (claim.is_final or claim.flags > 0)
        and year(claim.held_on) = $year
        and ($program is null or claim.program = $program)
        and ($payer is null or claim.payer = $payer)
        and ($pharmacies is null or list_contains($pharmacies, claim.pharmacy_npi))
    group by claim.patient_no, claim.claim_number, claim.data_source, claim.claim_id
)

select
    patient.pid,
    claim.* exclude (patient_no, session_source, service_id, data_source, rules),
    pharmacy.name as pharmacy_name,
    array_to_string(claim.rules, ', ') as rules,
    completeness.yes,
    completeness.required
from claim
inner join patient on claim.patient_no = patient.patient_no
left join dispensing_pharmacy as pharmacy on claim.pharmacy_npi = pharmacy.npi
left join mtm_session as session
    on claim.session_source is not distinct from session.data_source and claim.service_id = session.service_id
left join mtm_session_completeness as completeness on session.session_no = completeness.session_no
where ($rule is null or list_contains(claim.rules, $rule))
    and ($flagged is null or (len(claim.rules) > 0) = $flagged)
order by case when $by_risk then claim.at_risk end desc nulls last, claim.held_on desc, patient.pid, claim.claim_number
limit $rows offset $first
