-- Where a problem stands by the rule of resolution within 60 days, which takes what was performed for resolved: not_documented, its source says nowhere whether anything was implemented
-- or resolved; no_medicine, it names none; under_60_days (identified less than 60 days before the as-of day); in_time, implemented or resolved no later than the sixtieth
-- day (of a resolution without a day, the day of implementation); else not_in_time.
create or replace macro resolution_state(tells_outcome_, medicine_, identified_date_, as_of_, implemented_, implemented_date_, resolved_, resolved_date_) as
    case
        when not tells_outcome_ then 'not_documented'
        when medicine_ is null then 'no_medicine'
        when identified_date_ + 60 > as_of_ then 'under_60_days'
        when coalesce(implemented_ = 'yes' and implemented_date_ - identified_date_ <= 60, false) then 'in_time'
        when coalesce(resolved_ = 'yes' and coalesce(resolved_date_, implemented_date_) - identified_date_ <= 60, false) then 'in_time'
        else 'not_in_time'
    end
