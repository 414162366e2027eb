-- One row for each chronic condition of one patient.
-- Rows: patients
-- $patient_no integer: the patient
select
    fact.condition,
    rule.title,
    rule.core_disease,
    fact.first_on,
    fact.last_on,
    fact.claims,
    fact.qualified_on,
    fact.is_current
from condition_fact as fact
inner join chronic_condition as rule on fact.condition = rule.condition
where fact.patient_no = $patient_no
order by rule.core_disease is null, rule.title
