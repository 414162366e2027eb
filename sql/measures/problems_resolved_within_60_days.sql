-- Title: Problems resolved within 60 days
-- Topic: MTM
-- Question: Of the medication problems identified, how many were resolved within 60 days?
-- Counts: Problems, one a recommendation.
-- Denominator: Problems identified in the year with a medicine named, 60 days or more before the as-of day, whatever the answer.
-- Numerator: What was recommended was implemented, which takes the problem for resolved, or the problem is documented as resolved, no later than the sixtieth day after
--   identification; where the day of a resolution is missing, the day of implementation.
-- Left out: Younger than 60 days; no medicine named; of sources that say of nothing whether it was implemented or resolved.
-- Unit: proportion
-- Better: higher
-- Source: PQA MTP resolution logic, in our own words: an intervention performed within 60 days resolved the problem; no exclusions
-- Limits: An internal estimate, no PQA-certified rate. Partly implemented or resolved does not count, nor what has no day.
with problem as (
    select
        *,
        (least(
            case when implemented = 'yes' then implemented_date end,
            case when resolved = 'yes' then coalesce(resolved_date, implemented_date) end
        ) - identified_date)::integer as resolution_days,
        resolution_state(
            fact.tells_outcome, coalesce(fact.ingredient, fact.new_ingredient, fact.ndc_code), fact.identified_date, run.as_of,
            fact.implemented, fact.implemented_date, fact.resolved, fact.resolved_date
        ) as state,
        case when state in ('not_documented', 'no_medicine', 'under_60_days') then state end as left_out_because
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
    problem.resolution_days::double as value,
    replace(problem.problem, '_', ' ') || coalesce(': ' || problem.ingredient, '') || '; implemented ' || coalesce(problem.implemented, 'not said')
        || coalesce(' ' || strftime(problem.implemented_date, '%-d %b %Y'), '') || '; resolved ' || coalesce(problem.resolved, 'not said')
        || coalesce(' ' || strftime(problem.resolved_date, '%-d %b %Y'), '') as evidence,
    coalesce(problem.contract_id, patient.contract_id) as contract_id,
    patient.plan,
    problem.pharmacy_npi,
    problem.prescriber_npi,
    problem.provider_npi
from problem
inner join patient on problem.patient_no = patient.patient_no
