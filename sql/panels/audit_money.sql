-- One row for each group of MTM claims of a year (all of them, or by programme, payer, service or pharmacy): claims that stand, what was billed and paid, and how
-- much of it is flagged and at risk, once however many rules flag a line.
-- Rows: counts
-- Cells: claims, flagged, billed, paid, flagged_paid, at_risk are never told
-- $year integer: year of service
-- $unit varchar: all, program, payer, service or pharm
-- $program varchar optional: part_d, medicaid, commercial or other
-- $payer varchar optional: who pays
-- $pharmacies varchar[] optional: pharmacies, by NPI
select
    case $unit
        when 'program' then claim.program
        when 'payer' then claim.payer
        when 'service' then claim.service_type
        when 'pharm' then claim.pharmacy_npi
    end as value,
    coalesce(any_value(pharmacy.name), value) as label,
    count(distinct struct_pack(source := claim.data_source, id := claim.claim_id)) as claims,
    count(distinct struct_pack(source := claim.data_source, id := claim.claim_id)) filter (where claim.flags > 0) as flagged,
    sum(claim.billed) as billed,
    sum(claim.paid) as paid,
    coalesce(sum(claim.paid) filter (where claim.flags > 0), 0) as flagged_paid,
    sum(claim.at_risk) as at_risk
from audit_claim as claim
left join dispensing_pharmacy as pharmacy on $unit = 'pharm' and claim.pharmacy_npi = pharmacy.npi
where claim.is_final
    and year(claim.held_on) = $year
    and ($program is null or claim.program = $program)
    and ($payer is null or claim.payer = $payer)
    and ($pharmacies is null or list_contains($pharmacies, claim.pharmacy_npi))
group by value
order by at_risk desc, value
