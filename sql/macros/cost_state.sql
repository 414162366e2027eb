-- True when what a verified change did to a medicine's cost (drug_cost_change; null when it has no row) stands as asked: compared, plan or patient (that part of it known
-- before and after), or one of the reasons for which it is left out.
create or replace macro cost_state(recommendation_id_, left_out_because_, plan_cents_, patient_cents_, asked_) as
    case asked_
        when 'compared' then recommendation_id_ is not null and left_out_because_ is null
        when 'plan' then left_out_because_ is null and plan_cents_ is not null
        when 'patient' then left_out_because_ is null and patient_cents_ is not null
        else coalesce(left_out_because_ = asked_, false)
    end
