-- One row for each rule that flags one MTM claim: the words of its card, the evidence on both sides, what the rule alone would recover over the lines it flags.
-- Rows: patients
-- $patient_no integer: the patient
-- $number integer: the claim, counted from the patient's first
select
    rule.rule_id,
    rule.rule_version,
    rule.title,
    rule.severity,
    rule.message,
    rule.recovers,
    rule.documents,
    string_agg(finding.claim_line_number::varchar, ', ' order by finding.claim_line_number) as lines,
    any_value(finding.expected) as expected,
    any_value(finding.found) as found,
    sum(finding.amount_at_risk) as at_risk
from audit_finding as finding
inner join audit_claim as claim on finding.line_no = claim.line_no
inner join audit_rule as rule on finding.rule_id = rule.rule_id
where claim.patient_no = $patient_no and claim.claim_number = $number
group by rule.rule_id, rule.rule_version, rule.title, rule.severity, rule.message, rule.recovers, rule.documents
order by at_risk desc, rule.rule_id
