-- One row for each number of days after which a recommendation of the year was answered: the share answered by then (1 less the Kaplan-Meier estimate), with
-- those still without an answer counted as long as they have waited; unable to reach and withdrawn stand apart.
-- Rows: counts
-- Cells: at_risk, answered are never told
-- $year integer: the year
-- $recipient varchar optional: prescriber, patient or both
-- $program varchar optional: part_d, medicaid, commercial or other
-- $contracts varchar[] optional: contracts
-- $plans varchar[] optional: plans
-- $pharmacies varchar[] optional: pharmacies, by NPI

with waited as (
    select
        greatest(0, case when fact.answered and fact.days_to_response is not null then fact.days_to_response else fact.age_days end) as days,
        fact.answered and fact.days_to_response is not null as is_answered
    from recommendation_fact as fact
    inner join patient on fact.patient_no = patient.patient_no
    where year(fact.identified_date) = $year
        and fact.response not in ('unable_to_reach', 'withdrawn')
        and (not fact.answered or fact.days_to_response is not null)
        and ($recipient is null or fact.recipient = $recipient)
        and ($program is null or fact.program = $program)
        and ($contracts is null or list_contains($contracts, fact.contract_id))
        and ($plans is null or list_contains($plans, patient.plan))
        and ($pharmacies is null or list_contains($pharmacies, fact.pharmacy_npi))
),

by_day as (
    select days, count(*) as leaving, count(*) filter (where is_answered) as answered
    from waited
    group by days
),

at_risk as (
    select days, answered, (sum(leaving) over (order by days desc))::bigint as at_risk
    from by_day
)

select
    days,
    at_risk,
    answered,
    1 - exp(sum(case when answered = at_risk then -1e9 else ln(1 - answered::double / at_risk) end) over (order by days)) as share_answered
from at_risk
where answered > 0
order by days
