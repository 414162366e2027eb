-- One row for each MTM claim of a random sample of those of a year that were paid and stand. The claims are parted first; each part gives its share of the sample, and what
-- rounding leaves goes to the parts with the largest remainders. Within a part the claims with the smallest MD5 of seed, source and claim id are drawn: the same seed
-- draws the same claims of the same frame. frame: claims of the part; drawn: how many of them are in the sample.
-- Rows: patients
-- $year integer: year of service
-- $program varchar optional: part_d, medicaid, commercial or other
-- $payer varchar optional: who pays
-- $pharmacies varchar[] optional: pharmacies, by NPI
-- $by varchar: all, program, payer or pharm: what the claims are parted by
-- $size integer: claims to draw; all of them where there are fewer
-- $seed varchar: any text
with claim as (
    select
        patient_no,
        claim_number,
        data_source,
        claim_id,
        coalesce(case $by when 'program' then min(program) when 'payer' then min(payer) when 'pharm' then min(pharmacy_npi) end, '') as part,
        min(held_on) as held_on,
        min(payer) as payer,
        min(program) as program,
        min(pharmacy_npi) as pharmacy_npi,
        min(pharmacist_npi) as pharmacist_npi,
        string_agg(procedure_code || ' × ' || units::integer, ', ' order by claim_line_number) as codes,
        sum(paid) as paid,
        sum(at_risk) as at_risk,
        list_sort(list_distinct(flatten(list(rules)))) as rules,
        md5(concat_ws('|', $seed, data_source, claim_id)) as lot
    from audit_claim
    where is_final
        and year(held_on) = $year
        and ($program is null or program = $program)
        and ($payer is null or payer = $payer)
        and ($pharmacies is null or list_contains($pharmacies, pharmacy_npi))
    group by patient_no, claim_number, data_source, claim_id
),

part as (
    select
        part,
        count(*) as frame,
        least($size, (select count(*) from claim)) as size,
        count(*) * least($size, (select count(*) from claim))::double / (select count(*) from claim) as share
    from claim
    group by part
),

given as (
    select
        part,
        frame,
        floor(share)
        + case when row_number() over (order by share - floor(share) desc, part) <= size - (select sum(floor(share)) from part) then 1 else 0 end as drawn
    from part
),

turned as (
    select *, row_number() over (partition by part order by lot, data_source, claim_id) as turn
    from claim
)

select
    patient.pid,
    claim.* exclude (patient_no, lot, turn, rules, part),
    nullif(claim.part, '') as part,
    coalesce(case when $by = 'pharm' then pharmacy.name end, nullif(claim.part, '')) as part_name,
    pharmacy.name as pharmacy_name,
    array_to_string(claim.rules, ', ') as rules,
    given.frame,
    given.drawn::integer as drawn
from turned as claim
inner join given on claim.part = given.part and claim.turn <= given.drawn
inner join patient on claim.patient_no = patient.patient_no
left join dispensing_pharmacy as pharmacy on claim.pharmacy_npi = pharmacy.npi
order by part_name nulls last, claim.lot
