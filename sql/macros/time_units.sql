-- The 15-minute units that documented minutes earn: midpoint from 8, 23, 38, ... minutes; any_part from the first minute of each; full_block for whole ones.
create or replace macro time_units(minutes_, rule_) as case
    when minutes_ is null then null
    when rule_ = 'full_block' then floor(minutes_ / 15)
    when rule_ = 'any_part' then ceil(minutes_ / 15)
    when minutes_ < 8 then 0
    else floor((minutes_ - 8) / 15) + 1
end::integer
