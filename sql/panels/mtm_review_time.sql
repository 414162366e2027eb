-- One row for each number of days after which a review of the year was completed: the share reviewed by then (1 less the Kaplan-Meier estimate), counted from
-- the later of enrolment and 1 January, of those whom the Part D rate counts; the others count until they leave or until the as-of day.
-- Rows: counts
-- Cells: at_risk, reviewed are never told
-- $year integer: the year
-- $program varchar optional: part_d, medicaid, commercial or other
-- $contracts varchar[] optional: contracts
-- $plans varchar[] optional: plans
-- $pharmacies varchar[] optional: pharmacies, by NPI

with waited as (
    select
        greatest(0, case when fact.completed then fact.days_to_cmr else least(fact.ends_before - 1, run.as_of) - fact.starts_on end) as days,
        fact.completed
    from cmr_fact as fact
    cross join run
    where fact.year = $year and fact.in_denominator and fact.starts_on <= run.as_of
        and ($program is null or fact.program = $program)
        and ($contracts is null or list_contains($contracts, fact.contract_id))
        and ($plans is null or list_contains($plans, fact.plan))
        and ($pharmacies is null or list_contains($pharmacies, fact.pharmacy_npi))
),

by_day as (
    select days, count(*) as leaving, count(*) filter (where completed) as reviewed
    from waited
    group by days
),

at_risk as (
    select days, reviewed, (sum(leaving) over (order by days desc))::bigint as at_risk
    from by_day
)

select
    days,
    at_risk,
    reviewed,
    1 - exp(sum(case when reviewed = at_risk then -1e9 else ln(1 - reviewed::double / at_risk) end) over (order by days)) as share_reviewed
from at_risk
where reviewed > 0
order by days
