-- True when an answer took as asked: so many days ('7'), or that it was still waited for on that day ('7_or_more').
create or replace macro took_state(response_, answered_, days_to_response_, age_days_, asked_) as
    case
        when ends_with(asked_, '_or_more')
            then coalesce(answer_days(response_, answered_, days_to_response_, age_days_) >= replace(asked_, '_or_more', '')::integer, false)
        else coalesce(answered_ and answer_days(response_, answered_, days_to_response_, age_days_) = asked_::integer, false)
    end
