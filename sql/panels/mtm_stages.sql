-- One row for each stage of the way from enrolment to a resolved problem in a year: how many reached it, of how many, and how many are still open.
-- Patients of the year's enrolments first (enrolled, offered, reached, reviewed), then the recommendations identified in it.
-- Rows: counts
-- Cells: reached stands alone and grows by place; still_open stands alone; still_open, median_days with reached; of_before is never told
-- $year integer: the year
-- $program varchar optional: part_d, medicaid, commercial or other
-- $contracts varchar[] optional: contracts
-- $plans varchar[] optional: plans
-- $pharmacies varchar[] optional: pharmacies, by NPI

with enrolled as (
    select fact.*, run.as_of
    from cmr_fact as fact
    cross join run
    where fact.year = $year and fact.excluded_because is distinct from 'conflicting_records'
        and ($program is null or fact.program = $program)
        and ($contracts is null or list_contains($contracts, fact.contract_id))
        and ($plans is null or list_contains($plans, fact.plan))
        and ($pharmacies is null or list_contains($pharmacies, fact.pharmacy_npi))
),

made as (
    select fact.*
    from recommendation_fact as fact
    inner join patient on fact.patient_no = patient.patient_no
    where year(fact.identified_date) = $year and fact.response not in ('unable_to_reach', 'withdrawn')
        and ($program is null or fact.program = $program)
        and ($contracts is null or list_contains($contracts, fact.contract_id))
        and ($plans is null or list_contains($plans, patient.plan))
        and ($pharmacies is null or list_contains($pharmacies, fact.pharmacy_npi))
),

people as (
    select
        count(*) as enrolled,
        count(*) filter (where offered_on is not null) as offered,
        median(offered_on - starts_on) filter (where offered_on >= starts_on) as offered_days,
        count(*) filter (where completed or refused > 0) as reached,
        count(*) filter (where completed) as reviewed,
        median(days_to_cmr) filter (where completed) as reviewed_days,
        count(*) filter (where not completed and ends_before > as_of + 1) as open
    from enrolled
),

proposals as (
    select
        count(*) as recommended,
        count(*) filter (where answered) as answered,
        median(days_to_response) filter (where answered) as answered_days,
        count(*) filter (where not answered and age_days < 30) as unanswered,
        count(*) filter (where accepted) as accepted,
        count(*) filter (where verified = 'yes') as verified,
        median(verified_on - coalesce(response_date, identified_date)) filter (where verified = 'yes') as verified_days,
        count(*) filter (where verified = 'too_early') as too_early,
        count(*) filter (where resolved = 'yes') as resolved,
        median(coalesce(resolved_date, implemented_date) - identified_date) filter (where resolved = 'yes') as resolved_days
    from made
)

select 1 as place, 'enrolled' as stage, enrolled as reached, null::bigint as of_before, null::bigint as still_open, null::double as median_days from people
union all
select 2, 'offered', offered, enrolled, null, offered_days from people
union all
select 3, 'reached', reached, offered, null, null from people
union all
select 4, 'reviewed', reviewed, reached, open, reviewed_days from people
union all
select 5, 'recommended', recommended, null, null, null from proposals
union all
select 6, 'answered', answered, recommended, unanswered, answered_days from proposals
union all
select 7, 'accepted', accepted, answered, null, null from proposals
union all
select 8, 'verified', verified, accepted, too_early, verified_days from proposals
union all
select 9, 'resolved', resolved, recommended, null, resolved_days from proposals
order by place
