-- The upper end of the 95% interval of a count of events: exact (Poisson) below ten, else Byar's approximation (Breslow and Day 1987).
create or replace macro byar_upper(events_) as case
    when events_ < 10
        then [3.688879454, 5.571643391, 7.224687668, 8.767273070, 10.241588675, 11.668332079, 13.059474023, 14.422675362, 15.763189220, 17.084803451][events_::integer + 1]
    else (events_ + 1) * power(1 - 1 / (9.0 * (events_ + 1)) + 1.959963984540054 / (3 * sqrt(events_ + 1)), 3)
end
