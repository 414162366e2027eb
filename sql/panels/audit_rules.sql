-- One row for each rule of the audit: its card, whether it was run, and the claims of a year that it flags with what it alone would recover.
-- Rows: counts
-- Cells: claims, at_risk are never told
-- $year integer: year of service
-- $program varchar optional: part_d, medicaid, commercial or other
-- $payer varchar optional: who pays
-- $pharmacies varchar[] optional: pharmacies, by NPI
with hit as (
    select
        finding.rule_id,
        count(distinct struct_pack(source := claim.data_source, id := claim.claim_id)) as claims,
        sum(finding.amount_at_risk) as at_risk
    from audit_finding as finding
    inner join audit_claim as claim on finding.line_no = claim.line_no
    where year(claim.held_on) = $year
        and ($program is null or claim.program = $program)
        and ($payer is null or claim.payer = $payer)
        and ($pharmacies is null or list_contains($pharmacies, claim.pharmacy_npi))
    group by finding.rule_id
)

select
    rule.*,
    case when rule.not_run_because is null then coalesce(hit.claims, 0) end as claims,
    case when rule.not_run_because is null then coalesce(hit.at_risk, 0) end as at_risk
from audit_rule as rule
left join hit on rule.rule_id = hit.rule_id
order by rule.rule_id
