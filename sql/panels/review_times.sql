-- One row for each number of days after which first reviews of a year were completed: the share of those counted in CMR completion reviewed by then (1 less the Kaplan-Meier estimate),
-- from the later of the first enrolment and 1 January; the others count until they leave or die, or until the as-of day.
-- Rows: counts
-- Cells: days, at_risk, reviews, share are never told
-- $year integer: the year
-- $only varchar[] optional: filters that keep, each key and each key=value
-- $never varchar[] optional: filters that leave out, each key=value
with waited as (
    select
        greatest(0, case when fact.completed then fact.first_cmr_on else least(fact.ends_before - 1, run.as_of, patient.death_date) end - fact.starts_on)::integer as days,
        fact.completed
    from cmr_fact as fact
    inner join patient on fact.patient_no = patient.patient_no
    cross join run
    where fact.year = $year
        and fact.in_denominator
        and fact.starts_on <= run.as_of
        and chosen_person(
            $only, $never, fact.plan, fact.contract_id, fact.pharmacy_npi,
            patient.birth_date, run.as_of, patient.gender, patient.language, patient.zip_code
        )
),

by_day as (
    select days, count(*) as leaving, count(*) filter (where completed) as reviews
    from waited
    group by days
),

running as (
    select days, reviews, (sum(leaving) over (order by days desc))::bigint as at_risk
    from by_day
)

select
    days,
    at_risk,
    reviews,
    1 - exp(sum(case when reviews = at_risk then -50 else ln(1 - reviews::double / at_risk) end) over (order by days)) as share
from running
qualify reviews > 0
order by days
