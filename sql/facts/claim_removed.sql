-- One row for each paid or adjusted prescription row that does not stand, because another row reversed or replaced it.
-- A row acts within its own data source and whatever the order of arrival:
--   a reversed row removes what original_claim_id names, else what has its own claim id (the same line where there is one, else all
--   lines), else one paid row of the same person, NDC, day and pharmacy, one for one, of the same days' supply first;
--   an adjusted row removes what original_claim_id names (with its own claim id it is the current version already).
-- A row that is itself removed has still removed what it named: replaced claims stay replaced. A reversal that names the original of an
-- adjusted claim removes the original only. A reversal by claim id alone leaves an adjusted row that was received after it.
with
acting as (
    select
        data_source,
        claim_id,
        claim_line_number,
        claim_status,
        original_claim_id,
        coalesce(original_claim_id, claim_id) as target_id,
        person_id,
        replace(ndc_code, '-', '') as ndc,
        dispensing_date,
        coalesce(dispensing_provider_npi, '') as pharmacy,
        days_supply,
        coalesce(received_date, paid_date) as known_on
    from pharmacy_claim
    where claim_status = 'reversed'
        or (claim_status = 'adjusted' and original_claim_id is not null and original_claim_id <> claim_id)
),

-- Every claim there is: read anew where it is asked for, never held.
standing as not materialized (
    select
        data_source,
        claim_id,
        claim_line_number,
        claim_status,
        person_id,
        replace(ndc_code, '-', '') as ndc,
        dispensing_date,
        coalesce(dispensing_provider_npi, '') as pharmacy,
        days_supply,
        coalesce(received_date, paid_date) as known_on
    from pharmacy_claim
    where claim_status in ('paid', 'adjusted')
),

named as (
    select
        acting.data_source,
        acting.claim_id as acting_id,
        acting.claim_line_number as acting_line,
        acting.claim_status as acting_status,
        standing.claim_id,
        standing.claim_line_number,
        acting.claim_line_number = standing.claim_line_number as is_same_line,
        acting.original_claim_id is null and standing.claim_status = 'adjusted' and standing.known_on > acting.known_on as is_later
    from standing
    inner join acting on standing.data_source = acting.data_source and standing.claim_id = acting.target_id
),

by_line as (
    select data_source, acting_id, acting_line, acting_status
    from named
    where is_same_line
),

by_name as (
    select data_source, claim_id, claim_line_number, acting_status
    from named
    where is_same_line and not coalesce(is_later, false)
    union all
    select named.data_source, named.claim_id, named.claim_line_number, named.acting_status
    from named
    anti join by_line using (data_source, acting_id, acting_line, acting_status)
    where not coalesce(named.is_later, false)
),

loose as (
    select acting.*
    from acting
    anti join named
        on acting.data_source = named.data_source
        and acting.claim_id = named.acting_id
        and acting.claim_line_number = named.acting_line
        and acting.claim_status = named.acting_status
    where acting.claim_status = 'reversed' and acting.original_claim_id is null
),

alike as (
    select standing.*
    from standing
    semi join loose using (data_source, person_id, ndc, dispensing_date, pharmacy)
    anti join by_name
        on standing.data_source = by_name.data_source
        and standing.claim_id = by_name.claim_id
        and standing.claim_line_number = by_name.claim_line_number
),

loose_turn as (
    select
        *,
        row_number() over (
            partition by data_source, person_id, ndc, dispensing_date, pharmacy, days_supply
            order by claim_id, claim_line_number
        ) as turn
    from loose
),

alike_turn as (
    select
        *,
        row_number() over (
            partition by data_source, person_id, ndc, dispensing_date, pharmacy, days_supply
            order by claim_id, claim_line_number
        ) as turn
    from alike
),

same_days as (
    select
        alike_turn.data_source,
        alike_turn.claim_id,
        alike_turn.claim_line_number,
        loose_turn.claim_id as acting_id,
        loose_turn.claim_line_number as acting_line
    from alike_turn
    inner join loose_turn using (data_source, person_id, ndc, dispensing_date, pharmacy, days_supply, turn)
),

loose_rest as (
    select
        loose.*,
        row_number() over (
            partition by loose.data_source, loose.person_id, loose.ndc, loose.dispensing_date, loose.pharmacy
            order by loose.claim_id, loose.claim_line_number
        ) as turn
    from loose
    anti join same_days
        on loose.data_source = same_days.data_source
        and loose.claim_id = same_days.acting_id
        and loose.claim_line_number = same_days.acting_line
),

alike_rest as (
    select
        alike.*,
        row_number() over (
            partition by alike.data_source, alike.person_id, alike.ndc, alike.dispensing_date, alike.pharmacy
            order by alike.claim_id, alike.claim_line_number
        ) as turn
    from alike
    anti join same_days
        on alike.data_source = same_days.data_source
        and alike.claim_id = same_days.claim_id
        and alike.claim_line_number = same_days.claim_line_number
),

other_days as (
    select alike_rest.data_source, alike_rest.claim_id, alike_rest.claim_line_number
    from alike_rest
    inner join loose_rest using (data_source, person_id, ndc, dispensing_date, pharmacy, turn)
),

removed as (
    select data_source, claim_id, claim_line_number, acting_status = 'reversed' as is_reversed
    from by_name
    union all
    select data_source, claim_id, claim_line_number, true
    from same_days
    union all
    select data_source, claim_id, claim_line_number, true
    from other_days
)

select
    data_source,
    claim_id,
    claim_line_number,
    case when bool_or(is_reversed) then 'reversed' else 'replaced' end as because
from removed
group by data_source, claim_id, claim_line_number
