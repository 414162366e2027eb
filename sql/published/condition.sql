-- One row for each patient and chronic condition that claims show by the as-of day.
select
    patient.patient_id,
    fact.condition,
    fact.first_on,
    fact.last_on,
    fact.claims,
    fact.qualified_on,
    fact.is_current,
    rule.core_disease
from condition_fact as fact
inner join patient on fact.patient_no = patient.patient_no
inner join chronic_condition as rule on fact.condition = rule.condition
