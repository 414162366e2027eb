-- One row for each action, and one for all of them (action null), of a year's recommendations about one medicine that claims verify: how many, how many of them have fills before
-- and after to compare, why the others do not, and the mean change of what the plan and the patient pay for the medicine, in cents a day, with half the width
-- of its 95% interval.
-- Rows: counts
-- Cells: recommendations, patients, compared, no_fill_before, no_claim_after, no_price, plan_compared, patient_compared, plan_cents, plan_half, patient_cents, patient_half
--   are never told
-- $year integer: year in which the recommendation was identified
-- $only varchar[] optional: filters that keep, each key and each key=value
-- $never varchar[] optional: filters that leave out, each key=value
with kept as (
    select
        cost.patient_no,
        cost.action,
        cost.left_out_because,
        case when cost.left_out_because is null then cost.plan_cents end as plan_cents,
        case when cost.left_out_because is null then cost.patient_cents end as patient_cents
    from drug_cost_change as cost
    inner join recommendation_fact as fact
        on cost.data_source is not distinct from fact.data_source and cost.recommendation_id = fact.recommendation_id
    inner join patient on fact.patient_no = patient.patient_no
    cross join run
    where year(fact.identified_date) = $year
        and chosen_person(
            $only, $never, patient.plan, coalesce(fact.contract_id, patient.contract_id), fact.pharmacy_npi,
            patient.birth_date, run.as_of, patient.gender, patient.language, patient.zip_code
        )
        and chosen_recommendation(
            $only, $never, fact.prescriber_npi, fact.problem, fact.action, fact.channel, fact.recipient, fact.response, fact.age_days,
            fact.verified, fact.service_type, fact.barrier, fact.severity_level, fact.sent_date, fact.resolved,
            fact.identified_date, fact.estimated_cost_avoidance, fact.problem_detail
        )
)

select
    action,
    count(*) as recommendations,
    count(distinct patient_no) as patients,
    count(*) filter (where left_out_because is null) as compared,
    count(*) filter (where left_out_because = 'no_fill_before') as no_fill_before,
    count(*) filter (where left_out_because = 'no_claim_after') as no_claim_after,
    count(*) filter (where left_out_because = 'no_price') as no_price,
    count(plan_cents) as plan_compared,
    count(patient_cents) as patient_compared,
    sum(plan_cents)::double / count(plan_cents) as plan_cents,
    mean_half(count(plan_cents), sum(plan_cents), sum(plan_cents::bigint * plan_cents)) as plan_half,
    sum(patient_cents)::double / count(patient_cents) as patient_cents,
    mean_half(count(patient_cents), sum(patient_cents), sum(patient_cents::bigint * patient_cents)) as patient_half
from kept
group by grouping sets ((), (action))
having count(*) > 0
order by action nulls first
