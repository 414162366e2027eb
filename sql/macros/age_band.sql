-- The age band of an age in whole years; null when the age is not known.
create or replace macro age_band(age_) as case
    when age_ < 18 then '0-17'
    when age_ < 45 then '18-44'
    when age_ < 65 then '45-64'
    when age_ < 75 then '65-74'
    when age_ < 85 then '75-84'
    when age_ >= 85 then '85+'
end
