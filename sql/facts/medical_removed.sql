-- One row for each medical claim of which lines do not stand, because a claim voided or replaced it.
-- A medical claim is all its lines. Status reversed or bill frequency 8 voids, status adjusted or frequency 7 replaces, within one data source
-- and whatever the order of arrival: the claim that original_claim_id names; else the claim with the same id; else, for frequencies 7 and 8,
-- the claim of the same person, facility, first day and kind of bill. keeps_replacement: the lines of frequency 7 under the same id stand.
-- What was replaced stays replaced when its replacement is voided.
with
-- Every line there is: read anew where it is asked for, never held.
line as not materialized (
    select
        data_source,
        claim_id,
        person_id,
        original_claim_id,
        claim_start_date,
        coalesce(facility_npi, '') as facility,
        case
            when length(bill_type_code) = 4 and bill_type_code[1] = '0' then bill_type_code[2:]
            else bill_type_code
        end as bill_type,
        claim_status
    from medical_claim
),

claim as not materialized (
    select
        *,
        bill_type[1:2] as bill_kind,
        case when length(bill_type) = 3 then bill_type[3] end as frequency,
        case
            when claim_status = 'reversed' or (length(bill_type) = 3 and bill_type[3] = '8') then 'void'
            when claim_status = 'adjusted' or (length(bill_type) = 3 and bill_type[3] = '7') then 'replace'
        end as act
    from line
    where claim_status <> 'denied'
),

acting as (
    select distinct data_source, claim_id, person_id, original_claim_id, claim_start_date, facility, bill_kind, frequency, act
    from claim
    where act is not null
),

-- Frequencies 7 and 8 that name no claim: only people with one of them, and claims under its id, are looked through for what it replaces.
unnamed as (
    select * from acting where original_claim_id is null and frequency in ('7', '8')
),

plain as (
    select data_source, claim_id, person_id, claim_start_date, facility, bill_kind
    from claim
    semi join unnamed using (person_id)
    where act is null
    union
    select data_source, claim_id, person_id, claim_start_date, facility, bill_kind
    from claim
    semi join unnamed using (data_source, claim_id)
    where act is null
),

by_name as (
    select data_source, original_claim_id as claim_id
    from acting
    where original_claim_id is not null and original_claim_id <> claim_id
),

own_void as (
    select data_source, claim_id
    from acting
    where act = 'void' and (original_claim_id is null or original_claim_id = claim_id)
),

own_replace as (
    select data_source, claim_id
    from acting
    where act = 'replace' and frequency = '7' and (original_claim_id is null or original_claim_id = claim_id)
),

nameless as (
    select unnamed.*
    from unnamed
    anti join plain on unnamed.data_source = plain.data_source and unnamed.claim_id = plain.claim_id
),

by_likeness as (
    select plain.data_source, plain.claim_id
    from plain
    semi join nameless using (data_source, person_id, claim_start_date, facility, bill_kind)
),

removed as (
    select data_source, claim_id, false as keeps_replacement
    from by_name
    union all
    select data_source, claim_id, false
    from own_void
    union all
    select data_source, claim_id, true
    from own_replace
    union all
    select data_source, claim_id, false
    from by_likeness
)

select data_source, claim_id, bool_and(keeps_replacement) as keeps_replacement
from removed
group by data_source, claim_id
