-- One row for each patient and chronic condition that final medical claims by the as-of day show, by the claims rule of the Chronic Conditions Warehouse:
-- one claim of a strong kind (inpatient, skilled nursing, home health, as the condition says), or as many other claims, on days apart, as it asks for
-- inside its look-back. qualified_on is the first day on which the rule held; is_current, that it holds inside the look-back before the as-of day.
-- Claims that carry a diagnosis which the condition leaves out do not count. Codes and rules: data/reference/chronic_condition*.csv.
with diagnosis as (
    select
        line.patient_no,
        line.data_source,
        line.claim_id,
        line.starts_on,
        case
            when line.bill_type[1:2] in ('11', '41') then 'inpatient'
            when line.bill_type[1:2] in ('18', '21') then 'snf'
            when line.bill_type[1:2] in ('32', '33', '34') then 'home_health'
            else 'other'
        end as kind,
        unnest(line.diagnosis_codes) as code
    from final_medical_line as line
),

claim as (
    select
        diagnosis.patient_no,
        listed.condition,
        diagnosis.data_source,
        diagnosis.claim_id,
        min(diagnosis.starts_on) as starts_on,
        any_value(diagnosis.kind) as kind
    from diagnosis
    inner join chronic_condition_code as listed on diagnosis.code = listed.code
    group by diagnosis.patient_no, listed.condition, diagnosis.data_source, diagnosis.claim_id
    having bool_and(listed.role = 'include')
),

by_day as (
    select
        claim.patient_no,
        claim.condition,
        claim.starts_on,
        count(*) as claims,
        bool_or(coalesce(list_contains(string_split(rule.strong_claims, '|'), claim.kind), false)) as is_strong,
        any_value(rule.other_claims) as other_claims,
        any_value(rule.look_back_months) as look_back_months
    from claim
    inner join chronic_condition as rule on claim.condition = rule.condition
    group by claim.patient_no, claim.condition, claim.starts_on
),

-- The day on which the claims asked for were complete: the first of them lies inside the look-back that ends on the last.
counted as (
    select
        *,
        is_strong or case other_claims
            when 1 then true
            when 2 then lag(starts_on) over earlier >= starts_on - to_months(look_back_months)
            when 3 then lag(starts_on, 2) over earlier >= starts_on - to_months(look_back_months)
        end as qualifies
    from by_day
    window earlier as (partition by patient_no, condition order by starts_on)
)

select
    counted.patient_no,
    counted.condition,
    min(counted.starts_on) as first_on,
    max(counted.starts_on) as last_on,
    sum(counted.claims)::integer as claims,
    min(counted.starts_on) filter (where counted.qualifies) as qualified_on,
    bool_or(counted.is_strong) filter (where counted.starts_on >= run.as_of - to_months(counted.look_back_months)) is true
        or count(*) filter (where counted.starts_on >= run.as_of - to_months(counted.look_back_months)) >= coalesce(any_value(counted.other_claims), 9999)
        as is_current
from counted
cross join run
group by counted.patient_no, counted.condition
having bool_or(counted.qualifies)
order by counted.patient_no, counted.condition
