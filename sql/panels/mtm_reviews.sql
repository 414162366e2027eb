-- One row for each contract and programme of a year: who is enrolled and counted, whose review is done, and who still can have one by the year's end.
-- Rows: counts
-- Cells: enrolled = denominator + ~left_out; denominator = completed + ~open; ~open = possible + ~ended; enrolled stands alone; rate, lower, upper with completed;
--   offered stands alone; refused stands alone; unable_to_reach stands alone; median_days_to_cmr with completed
-- $year integer: the year
-- $program varchar optional: part_d, medicaid, commercial or other
-- $contracts varchar[] optional: contracts
-- $plans varchar[] optional: plans
-- $pharmacies varchar[] optional: pharmacies, by NPI

select
    fact.program,
    fact.contract_id,
    any_value(run.as_of) as as_of,
    count(*) as enrolled,
    count(*) filter (where fact.in_denominator) as denominator,
    count(*) filter (where fact.in_denominator and fact.completed) as completed,
    count(*) filter (where fact.in_denominator and not fact.completed and fact.ends_before > run.as_of + 1) as possible,
    count(*) filter (where fact.in_denominator and fact.offered_on is not null) as offered,
    count(*) filter (where fact.in_denominator and not fact.completed and fact.refused > 0) as refused,
    count(*) filter (where fact.in_denominator and not fact.completed and fact.refused = 0 and fact.unable_to_reach + fact.no_show > 0) as unable_to_reach,
    case when count(*) filter (where fact.in_denominator) > 0
        then count(*) filter (where fact.in_denominator and fact.completed)::double / count(*) filter (where fact.in_denominator)
    end as rate,
    wilson_lower(count(*) filter (where fact.in_denominator and fact.completed), count(*) filter (where fact.in_denominator)) as lower,
    wilson_upper(count(*) filter (where fact.in_denominator and fact.completed), count(*) filter (where fact.in_denominator)) as upper,
    median(fact.days_to_cmr) filter (where fact.in_denominator and fact.completed) as median_days_to_cmr
from cmr_fact as fact
cross join run
where fact.year = $year
    and ($program is null or fact.program = $program)
    and ($contracts is null or list_contains($contracts, fact.contract_id))
    and ($plans is null or list_contains($plans, fact.plan))
    and ($pharmacies is null or list_contains($pharmacies, fact.pharmacy_npi))
group by fact.program, fact.contract_id
order by fact.program = 'part_d' desc, fact.program, fact.contract_id
