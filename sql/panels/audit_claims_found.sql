-- One row: how many MTM claims of a year a rule or none flags, and what they are worth.
-- Rows: counts
-- Cells: claims, paid, at_risk are never told
-- $year integer: year of service
-- $program varchar optional: part_d, medicaid, commercial or other
-- $payer varchar optional: who pays
-- $pharmacies varchar[] optional: pharmacies, by NPI
-- $rule varchar optional: a rule that flags the claim
-- $flagged boolean optional: true for flagged claims only, false for the others
with claim as (
    select
        claim.patient_no,
        claim.data_source,
        claim.claim_id,
        sum(claim.paid) as paid,
        sum(claim.at_risk) as at_risk,
        flatten(list(claim.rules)) as rules
    from audit_claim as claim
    where (claim.is_final or claim.flags > 0)
        and year(claim.held_on) = $year
        and ($program is null or claim.program = $program)
        and ($payer is null or claim.payer = $payer)
        and ($pharmacies is null or list_contains($pharmacies, claim.pharmacy_npi))
    group by claim.patient_no, claim.data_source, claim.claim_id
)

select count(*) as claims, coalesce(sum(paid), 0) as paid, coalesce(sum(at_risk), 0) as at_risk
from claim
where ($rule is null or list_contains(rules, $rule)) and ($flagged is null or (len(rules) > 0) = $flagged)
