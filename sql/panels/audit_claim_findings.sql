-- One row for each rule that flags one MTM claim: the words of its card, the evidence on both sides, what the rule was told for it, what the rule alone would recover over the lines it flags.
-- Rows: patients
-- $patient_no integer: the patient
-- $number integer: the claim, counted from the patient's first
with claim as (
    select min(program) as program, min(payer) as payer, min(held_on) as held_on
    from audit_claim
    where patient_no = $patient_no and claim_number = $number
)

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
    sum(finding.amount_at_risk) as at_risk,
    told_words(any_value(rule.parameters), any_value(term.told)) as told
from audit_finding as finding
inner join audit_claim as line on finding.line_no = line.line_no
inner join audit_rule as rule on finding.rule_id = rule.rule_id
cross join claim
left join audit_term as term
    on claim.program is not distinct from term.program
    and claim.payer is not distinct from term.payer
    and claim.held_on = term.service_date
where line.patient_no = $patient_no and line.claim_number = $number
group by rule.rule_id, rule.rule_version, rule.title, rule.severity, rule.message, rule.recovers, rule.documents
order by at_risk desc, rule.rule_id
