-- True when days around the answer (adherence_around_answer; null when it has no row) stand as asked: followed, adherent_before, adherent_after, not_computable,
-- or one of the reasons for which they are left out.
create or replace macro around_state(recommendation_id_, left_out_because_, adherent_before_, adherent_after_, asked_) as
    case asked_
        when 'followed' then recommendation_id_ is not null and left_out_because_ is null
        when 'adherent_before' then coalesce(adherent_before_, false)
        when 'adherent_after' then coalesce(adherent_after_, false)
        when 'not_computable' then left_out_because_ is not null
        else coalesce(left_out_because_ = asked_, false)
    end
