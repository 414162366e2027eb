-- Where a problem stands by the rule of resolution within 60 days: withdrawn; under_60_days (identified less than 60 days before the as-of day); in_time, resolved no later
-- than the sixtieth day, or implemented by then where the day of resolution is missing; else not_in_time.
create or replace macro resolution_state(response_, identified_date_, as_of_, resolved_, resolved_date_, implemented_date_) as
    case
        when response_ = 'withdrawn' then 'withdrawn'
        when identified_date_ + 60 > as_of_ then 'under_60_days'
        when coalesce(resolved_ = 'yes' and coalesce(resolved_date_, implemented_date_) - identified_date_ <= 60, false) then 'in_time'
        else 'not_in_time'
    end
