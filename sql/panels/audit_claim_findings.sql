-- One row for each rule that flags one MTM claim: the words of its card, the evidence on both sides, what the rule was told for it, what the rule alone would recover over the lines it flags.
-- Rows: patients
-- $patient_no integer: the patient
-- $number integer: the claim, counted from the patient's first
with told as (
    select rule_id, string_agg(parameter || ' ' || value, ', ' order by parameter) as told
    from (
        select
            rule.rule_id,
            value.parameter,
            arg_max(value.value, (value.payer is not null, value.program is not null, value.effective_from)) as value
        from (select rule_id, unnest(parameters) as parameter from audit_rule) as rule
        inner join audit_value as value on rule.parameter = value.parameter
        inner join (
            select min(program) as program, min(payer) as payer, min(held_on) as held_on
            from audit_claim
            where patient_no = $patient_no and claim_number = $number
        ) as claim
            on claim.held_on between value.effective_from and coalesce(value.effective_to, date '9999-12-31')
            and coalesce(value.program, claim.program, '') = coalesce(claim.program, '')
            and coalesce(value.payer, claim.payer, '') = coalesce(claim.payer, '')
        group by rule.rule_id, value.parameter
    )
    group by rule_id
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
    any_value(told.told) as told
from audit_finding as finding
inner join audit_claim as claim on finding.line_no = claim.line_no
inner join audit_rule as rule on finding.rule_id = rule.rule_id
left join told on finding.rule_id = told.rule_id
where claim.patient_no = $patient_no and claim.claim_number = $number
group by rule.rule_id, rule.rule_version, rule.title, rule.severity, rule.message, rule.recovers, rule.documents
order by at_risk desc, rule.rule_id
