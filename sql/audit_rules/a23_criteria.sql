-- Rule: A23
-- Title: Criteria not met
-- Version: 2
-- Severity: correct
-- Statement: Claims show the medicines and chronic conditions that make a patient eligible by the day of service, or the one condition that is enough.
-- Message: The member did not meet the criteria of the programme on the service date.
-- Recovers: nothing; claims may not show every medicine, so the criterion is shown by documents
-- Documents: The medication list and diagnoses of the day.
-- Needs: pharmacy_claim, medical_claim
-- Parameters: least_drugs, least_conditions, qualifying_days, enough_condition
with asked as (
    select line.line_no, line.patient_no, line.service_date, term.least_drugs, term.least_conditions, term.qualifying_days, term.enough_condition
    from audit_line as line
    inner join audit_term as term on line.term_no = term.term_no
    where term.least_drugs is not null or term.least_conditions is not null
),

taken as (
    select asked.line_no, count(distinct coalesce(nullif(array_to_string(drug.ingredients, ';'), ''), fill.ndc_code)) as drugs
    from asked
    inner join fill
        on asked.patient_no = fill.patient_no
        and fill.dispensed_on > asked.service_date - asked.qualifying_days
        and fill.dispensed_on <= asked.service_date
    inner join drug on fill.ndc_code = drug.ndc_code
    group by asked.line_no
),

ill as (
    select asked.line_no, count(*) as conditions, coalesce(bool_or(fact.condition = asked.enough_condition), false) as is_enough
    from asked
    inner join condition_fact as fact on asked.patient_no = fact.patient_no and fact.qualified_on <= asked.service_date
    group by asked.line_no
)

select
    asked.line_no,
    concat_ws(' and ', asked.least_drugs || ' medicines', asked.least_conditions || ' chronic conditions') as expected,
    coalesce(taken.drugs, 0) || ' medicines filled in ' || asked.qualifying_days || ' days, ' || coalesce(ill.conditions, 0) || ' chronic conditions' as found,
    0 as at_risk
from asked
left join taken on asked.line_no = taken.line_no
left join ill on asked.line_no = ill.line_no
where not coalesce(ill.is_enough, false)
    and (coalesce(taken.drugs, 0) < asked.least_drugs or coalesce(ill.conditions, 0) < asked.least_conditions)
