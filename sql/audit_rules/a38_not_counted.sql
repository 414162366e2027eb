-- Rule: A38
-- Title: Review does not count
-- Version: 1
-- Severity: correct
-- Statement: A paid comprehensive review of Part D is of a patient who counts in the completion rate of its year.
-- Message: The review does not count for the completion rate.
-- Recovers: nothing
-- Documents: Age, criteria, hospice and days enrolled of the year.
-- Needs: mtm_enrollment
select
    line.line_no,
    'counted in the completion rate of ' || year(line.service_date) as expected,
    'left out: ' || replace(min(fact.excluded_because), '_', ' ') as found,
    0 as at_risk
from audit_line as line
inner join cmr_fact as fact
    on line.patient_no = fact.patient_no
    and year(line.service_date) = fact.year
    and coalesce(line.contract_id = fact.contract_id, true)
    and fact.program = 'part_d'
where line.program = 'part_d' and line.service_type = 'cmr'
group by line.line_no, line.service_date
having not bool_or(fact.in_denominator)
