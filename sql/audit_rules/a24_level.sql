-- Rule: A24
-- Title: Level not supported
-- Version: 1
-- Severity: recover
-- Statement: Where a payer pays by levels, the units of a claim are no more than those of the highest level whose medicines, problems, conditions and
--   minutes are all documented.
-- Message: The level billed is not supported by the counts of medicines, problems and conditions.
-- Recovers: the units above those of the supported level, at what a unit of the line was paid
-- Documents: The medication list, the problems identified, the conditions assessed.
-- Needs: mtm_recommendation, medical_claim, mtm_service.end_time
with billed as (
    select
        line.*,
        sum(line.units) over (
            partition by line.data_source, line.claim_id, line.session_source, line.service_id
            order by line.is_primary desc, line.claim_line_number
            rows between unbounded preceding and current row
        ) as so_far,
        sum(line.units) over (partition by line.data_source, line.claim_id, line.session_source, line.service_id) as billed_units
    from audit_line as line
    semi join audit_level on line.payer = audit_level.payer
    where (line.is_primary or line.is_add_on) and line.service_id is not null and line.minutes is not null
),

problem as (
    select person.patient_no, recommendation.data_source, recommendation.service_id, count(*) as problems
    from mtm_recommendation as recommendation
    inner join person on recommendation.person_id = person.patient_id
    where recommendation.service_id is not null
    group by person.patient_no, recommendation.data_source, recommendation.service_id
),

medicine as (
    select data_source, service_id, count(*) as medications
    from mtm_medication
    group by data_source, service_id
),

ill as (
    select billed.line_no, count(*) as conditions
    from billed
    inner join condition_fact as fact on billed.patient_no = fact.patient_no and fact.qualified_on <= billed.service_date
    group by billed.line_no
),

counted as (
    select
        billed.*,
        coalesce(medicine.medications, billed.medications_reviewed, 0) as medications,
        coalesce(problem.problems, 0) as problems,
        coalesce(ill.conditions, 0) as conditions
    from billed
    left join problem
        on billed.patient_no = problem.patient_no
        and billed.session_source is not distinct from problem.data_source
        and billed.service_id = problem.service_id
    left join medicine on billed.session_source is not distinct from medicine.data_source and billed.service_id = medicine.service_id
    left join ill on billed.line_no = ill.line_no
),

supported as (
    select counted.line_no, max(level.level) as level, max(level.units) as units
    from counted
    inner join audit_level as level
        on counted.payer = level.payer
        and counted.service_date between level.effective_from and coalesce(level.effective_to, date '9999-12-31')
        and counted.medications >= level.medications
        and counted.problems >= level.problems
        and counted.conditions >= level.conditions
        and counted.minutes >= level.minutes
    group by counted.line_no
)

select
    counted.line_no,
    counted.billed_units::integer || ' units billed' as expected,
    counted.medications || ' medicines, ' || counted.problems || ' problems, ' || counted.conditions || ' conditions, '
    || round(counted.minutes)::integer || ' minutes support '
    || coalesce('level ' || supported.level || ', ' || supported.units || ' units', 'no level') as found,
    least(counted.units, counted.so_far - coalesce(supported.units, 0)) * counted.paid / counted.units as at_risk
from counted
left join supported on counted.line_no = supported.line_no
where counted.so_far > coalesce(supported.units, 0) and counted.units > 0
