-- Title: Adherence at risk
-- Why: A refill now still keeps these patients at or above the threshold this year; without one they fall below it.
-- Rule: Counted in the measure; supply has run out or is due soon (within 7 days, a setting), or it is a last chance (7 or fewer days can still be missed, a setting); the
--   threshold is within reach and not yet secured. In order of state (last chance, overdue, due soon), then the last impactable date, then the number
--   of the patient's measures at stake, then a discharge in the last 30 days (a setting), then patient. PDC plays no part in the order, nor whether a recommendation about adherence
--   was documented in the last year.
-- Action: Call before the last useful fill; ask about cost, side effects and forgetting; fill it, or ask the prescriber for a renewal.
-- Source: CMS Star Ratings technical notes for the measures; the order is this program's own.
-- Limits: Fills that were paid in cash or came as samples are not seen. Patients who asked not to be contacted are left out.
with class_name as (
    select measure, ingredient from drug_class where role = 'target'
    union
    select measure, ingredient from ndc_class where role = 'target'
),

-- A recommendation documents the measures whose medicines it names; one that names none, all of the patient's.
documented as (
    select
        reviewable.patient_no,
        reviewable.measure,
        arg_max(recommended.recommendation_id, (recommended.identified_on, recommended.recommendation_id)) as recommendation_id
    from reviewable
    inner join recommended_ingredient as recommended
        on reviewable.patient_no = recommended.patient_no and recommended.list = 'adherence_at_risk'
    left join class_name on reviewable.base_measure = class_name.measure and recommended.ingredient = class_name.ingredient
    where recommended.ingredient is null or class_name.ingredient is not null
    group by reviewable.patient_no, reviewable.measure
)

select
    patient_id,
    'adherence_at_risk' as list,
    drug
    || case
        when runs_out_on is null then ' never enough on hand'
        when days_late > 0
            then ' ran out ' || strftime(runs_out_on, '%-d %b') || ', ' || days_late || case when days_late = 1 then ' day' else ' days' end || ' late'
        when runs_out_on = as_of then ' runs out today'
        else ' runs out ' || strftime(runs_out_on, '%-d %b') || ', in ' || (runs_out_on - as_of)
            || case when runs_out_on - as_of = 1 then ' day' else ' days' end
    end
    || '; ' || allowable_days_remaining || case when allowable_days_remaining = 1 then ' day' else ' days' end || ' left to lose this year'
    || coalesce('; last useful fill ' || strftime(last_impactable_on, '%-d %b'), '') as reason,
    evidence,
    row_number() over (
        order by bucket, last_impactable_on nulls last, at_stake desc, recently_discharged desc, patient_id, measure
    )::integer as priority,
    last_impactable_on as due_on,
    measure,
    pharmacy_npi,
    case when documented.patient_no is null then 'new' else 'documented' end as state,
    documented.recommendation_id as documented_by,
    case
        when days_late > 0 then coalesce(runs_out_on + 1, index_date)
        when status = 'due_soon' then greatest(runs_out_on - due_soon_days, last_fill_on)
        else last_fill_on
    end::date as since_on,
    patient_no
from reviewable
left join documented using (patient_no, measure)
where in_denominator and status in ('last_chance', 'overdue', 'due_soon')
