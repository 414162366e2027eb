-- Rule: A29
-- Title: Severity without reason
-- Version: 1
-- Severity: correct
-- Statement: A problem said to have avoided an event of level rationale_from_level or more has a reason in words.
-- Message: A high-severity cost avoidance was claimed without a rationale.
-- Recovers: nothing
-- Documents: The clinical reason for the level.
-- Needs: mtm_recommendation.severity_level
-- Parameters: rationale_from_level
with bare as (
    select person.patient_no, recommendation.data_source, recommendation.service_id, recommendation.severity_level
    from mtm_recommendation as recommendation
    inner join person on recommendation.person_id = person.patient_id
    where recommendation.severity_level is not null and coalesce(trim(recommendation.rationale), '') = ''
)

select
    line.line_no,
    'a reason in words from level ' || any_value(term.rationale_from_level) as expected,
    'level ' || max(bare.severity_level) || ' without a reason' as found,
    0 as at_risk
from audit_line as line
inner join audit_term as term on line.term_no = term.term_no
inner join bare
    on line.patient_no = bare.patient_no
    and line.session_source is not distinct from bare.data_source
    and line.service_id = bare.service_id
    and bare.severity_level >= term.rationale_from_level
group by line.line_no
