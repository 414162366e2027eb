-- One row for each rule that flags an MTM claim of a year: the claim, the evidence on both sides, what the rule was told for it, and what the rule alone would recover over
-- the lines it flags. Amounts of several rules may be the same dollars: do not add them up.
-- Rows: patients
-- $year integer: year of service
-- $program varchar optional: part_d, medicaid, commercial or other
-- $payer varchar optional: who pays
-- $pharmacies varchar[] optional: pharmacies, by NPI
-- $rule varchar optional: a rule
-- $claims varchar[] optional: claims, each as its source, | and its id
with finding as (
    select
        claim.patient_no,
        claim.claim_number,
        claim.data_source,
        claim.claim_id,
        finding.rule_id,
        min(claim.held_on) as held_on,
        min(claim.payer) as payer,
        min(claim.program) as program,
        min(claim.pharmacy_npi) as pharmacy_npi,
        min(claim.pharmacist_npi) as pharmacist_npi,
        string_agg(finding.claim_line_number::varchar, ', ' order by finding.claim_line_number) as lines,
        any_value(finding.expected) as expected,
        any_value(finding.found) as found,
        sum(finding.amount_at_risk) as at_risk
    from audit_finding as finding
    inner join audit_claim as claim on finding.line_no = claim.line_no
    where year(claim.held_on) = $year
        and ($program is null or claim.program = $program)
        and ($payer is null or claim.payer = $payer)
        and ($pharmacies is null or list_contains($pharmacies, claim.pharmacy_npi))
        and ($rule is null or finding.rule_id = $rule)
        and ($claims is null or list_contains($claims, concat(claim.data_source, '|', claim.claim_id)))
    group by claim.patient_no, claim.claim_number, claim.data_source, claim.claim_id, finding.rule_id
)

select
    patient.pid,
    finding.data_source,
    finding.claim_id,
    finding.claim_number,
    finding.held_on,
    finding.payer,
    finding.program,
    finding.pharmacy_npi,
    pharmacy.name as pharmacy_name,
    finding.pharmacist_npi,
    finding.rule_id,
    rule.rule_version,
    rule.title,
    rule.severity,
    rule.message,
    finding.lines,
    finding.expected,
    finding.found,
    finding.at_risk,
    told_words(rule.parameters, term.told) as told
from finding
inner join audit_rule as rule on finding.rule_id = rule.rule_id
inner join patient on finding.patient_no = patient.patient_no
left join dispensing_pharmacy as pharmacy on finding.pharmacy_npi = pharmacy.npi
left join audit_term as term
    on finding.program is not distinct from term.program
    and finding.payer is not distinct from term.payer
    and finding.held_on = term.service_date
order by patient.pid, finding.claim_number, finding.rule_id
