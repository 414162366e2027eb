-- One row for each month of a year up to the as-of day, and of the year before: first reviews completed in it and by its end, of those whom the Part D rate counts.
-- Rows: counts
-- Cells: completed adds up by year; completed_so_far runs by completed within year
-- $year integer: the year
-- $program varchar optional: part_d, medicaid, commercial or other
-- $contracts varchar[] optional: contracts
-- $plans varchar[] optional: plans
-- $pharmacies varchar[] optional: pharmacies, by NPI

with month as (
    select calendar_year as year, unnest(range(1, 13))::integer as month
    from (select unnest([$year - 1, $year])::integer as calendar_year)
),

done as (
    select fact.year, month(fact.first_cmr_on)::integer as month, count(*) as completed
    from cmr_fact as fact
    where fact.in_denominator
        and fact.completed
        and fact.year in ($year - 1, $year)
        and ($program is null or fact.program = $program)
        and ($contracts is null or list_contains($contracts, fact.contract_id))
        and ($plans is null or list_contains($plans, fact.plan))
        and ($pharmacies is null or list_contains($pharmacies, fact.pharmacy_npi))
    group by all
)

select
    month.year,
    month.month,
    coalesce(done.completed, 0) as completed,
    (sum(coalesce(done.completed, 0)) over (partition by month.year order by month.month))::bigint as completed_so_far
from month
cross join run
left join done on month.year = done.year and month.month = done.month
where make_date(month.year, month.month, 1) <= run.as_of
order by month.year, month.month
