-- The age band of a person on a day; null when the birth date is not known.
create or replace macro age_band(birth_date_, on_) as case
    when birth_date_ is null then null
    when date_sub('year', birth_date_, on_) < 18 then '0-17'
    when date_sub('year', birth_date_, on_) < 45 then '18-44'
    when date_sub('year', birth_date_, on_) < 65 then '45-64'
    when date_sub('year', birth_date_, on_) < 75 then '65-74'
    when date_sub('year', birth_date_, on_) < 85 then '75-84'
    else '85+'
end
