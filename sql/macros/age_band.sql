-- The age band of a person on a day; null when the birth date is not known. The age is counted once: counting years between days is slow.
create or replace macro age_band(birth_date_, on_) as case
    when birth_date_ is not null then (
        repeat(['0-17'], 18) || repeat(['18-44'], 27) || repeat(['45-64'], 20) || repeat(['65-74'], 10) || repeat(['75-84'], 10) || ['85+']
    )[least(greatest(date_sub('year', birth_date_, on_), 0), 85) + 1]
end
