-- One row for each group of the recommendations identified in a year: how they were answered, and what later claims show. made counts those sent 30 days or
-- more before the as-of day and neither unreachable nor withdrawn; answered, accepted, modified and declined are of these; no_answer is the rest of made.
-- Rows: counts
-- Cells: made = answered + no_answer; answered = accepted + declined; accepted = modified + ~as_made;
--   made, under_30_days, unable_to_reach, withdrawn, seen, not_seen, too_early, not_checkable add up; median_days with answered; hidden rows last by value
-- $year integer: the year
-- $by varchar: all, problem, problem_detail, action, recipient, channel, prescriber, pharmacy, provider, month, decline_reason, barrier or strategy
-- $program varchar optional: part_d, medicaid, commercial or other
-- $contracts varchar[] optional: contracts
-- $plans varchar[] optional: plans
-- $pharmacies varchar[] optional: pharmacies, by NPI

with said as (
    select
        fact.*,
        case $by
            when 'problem' then fact.problem
            when 'problem_detail' then fact.problem_detail
            when 'action' then fact.action
            when 'recipient' then fact.recipient
            when 'channel' then fact.channel
            when 'prescriber' then fact.prescriber_npi
            when 'pharmacy' then fact.pharmacy_npi
            when 'provider' then fact.provider_npi
            when 'month' then strftime(fact.identified_date, '%Y-%m')
            when 'decline_reason' then fact.decline_reason
            when 'barrier' then fact.barrier
            when 'strategy' then fact.strategy
            else 'all'
        end as value,
        fact.age_days >= 30 and fact.response not in ('unable_to_reach', 'withdrawn') as is_made
    from recommendation_fact as fact
    inner join patient on fact.patient_no = patient.patient_no
    where year(fact.identified_date) = $year
        and ($program is null or fact.program = $program)
        and ($contracts is null or list_contains($contracts, fact.contract_id))
        and ($plans is null or list_contains($plans, patient.plan))
        and ($pharmacies is null or list_contains($pharmacies, fact.pharmacy_npi))
),

grouped as (
    select
        value,
        count(*) filter (where is_made) as made,
        count(*) filter (where is_made and answered) as answered,
        count(*) filter (where is_made and accepted) as accepted,
        count(*) filter (where is_made and response = 'modified') as modified,
        count(*) filter (where is_made and response = 'declined') as declined,
        count(*) filter (where is_made and not answered) as no_answer,
        count(*) filter (where age_days < 30 and response not in ('unable_to_reach', 'withdrawn')) as under_30_days,
        count(*) filter (where response = 'unable_to_reach') as unable_to_reach,
        count(*) filter (where response = 'withdrawn') as withdrawn,
        count(*) filter (where verified = 'yes') as seen,
        count(*) filter (where verified = 'no') as not_seen,
        count(*) filter (where verified = 'too_early') as too_early,
        count(*) filter (where verified = 'not_checkable') as not_checkable,
        median(days_to_response) filter (where is_made and answered) as median_days
    from said
    group by value
),

named as (
    select npi, arg_max(name, (load_id, source_line)) as name
    from provider
    group by npi
)

select
    grouped.value,
    coalesce(case when $by = 'pharmacy' then pharmacy.name when $by in ('prescriber', 'provider') then named.name end, grouped.value) as label,
    grouped.* exclude (value)
from grouped
left join dispensing_pharmacy as pharmacy on $by = 'pharmacy' and grouped.value = pharmacy.npi
left join named on $by in ('prescriber', 'provider') and grouped.value = named.npi
order by case when $by = 'month' then grouped.value end, grouped.made desc, label, grouped.value
