-- The lower end of the 95% interval of a count of events: exact (Poisson) below ten, else Byar's approximation (Breslow and Day 1987).
create or replace macro byar_lower(events_) as case
    when events_ < 10
        then [0, 0.025317808, 0.242209279, 0.618672123, 1.089865374, 1.623486390, 2.201894253, 2.814363052, 3.453832177, 4.115373097][events_::integer + 1]
    else events_ * power(1 - 1 / (9.0 * events_) - 1.959963984540054 / (3 * sqrt(events_)), 3)
end
