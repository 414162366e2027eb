-- Title: Problems resolved within 60 days
-- Topic: MTM
-- Question: Of the medication problems identified, how many were resolved within 60 days?
-- Counts: Problems, one a recommendation.
-- Denominator: Problems identified in the year, 60 days or more before the as-of day.
-- Numerator: Documented as resolved no later than the sixtieth day after identification; where the day of resolution is missing, the day of implementation.
-- Left out: Younger than 60 days; withdrawn.
-- Unit: proportion
-- Better: higher
-- Source: PQA MTP resolution logic, in our own words: resolved within 60 days
-- Limits: An internal estimate, no PQA-certified rate. Partly resolved is not resolved. A resolution without any day does not count.
with problem as (
    select
        *,
        (coalesce(resolved_date, implemented_date) - identified_date)::integer as resolution_days,
        resolution_state(fact.response, fact.identified_date, run.as_of, fact.resolved, fact.resolved_date, fact.implemented_date) as state,
        case when state in ('withdrawn', 'under_60_days') then state end as left_out_because
    from recommendation_fact as fact
    cross join run
)

select
    'problems_resolved_within_60_days' as measure,
    year(problem.identified_date)::integer as year,
    patient.patient_id,
    problem.recommendation_id as subject_id,
    (problem.left_out_because is null)::integer as denominator,
    (problem.state = 'in_time')::integer as numerator,
    problem.left_out_because as excluded_because,
    case when problem.resolved = 'yes' then problem.resolution_days end::double as value,
    replace(problem.problem, '_', ' ') || coalesce(': ' || problem.ingredient, '') || '; resolved ' || coalesce(problem.resolved, 'not said')
        || coalesce(' ' || strftime(problem.resolved_date, '%-d %b %Y'), '') as evidence,
    coalesce(problem.contract_id, patient.contract_id) as contract_id,
    patient.plan,
    problem.pharmacy_npi,
    problem.prescriber_npi,
    problem.provider_npi
from problem
inner join patient on problem.patient_no = patient.patient_no
