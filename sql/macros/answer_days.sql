-- Days from sending until the answer, or until the as-of day for who has none; 0 where the answer is older than the sending. Null for what is no waiting: withdrawn,
-- nobody reached, or answered on a day that is not known.
create or replace macro answer_days(response_, answered_, days_to_response_, age_days_) as
    case
        when response_ in ('unable_to_reach', 'withdrawn') or (answered_ and days_to_response_ is null) then null
        else greatest(0, case when answered_ then days_to_response_ else age_days_ end)::integer
    end
