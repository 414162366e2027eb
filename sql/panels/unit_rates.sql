-- One row for each measure and unit (a pharmacy, a prescriber, a plan): who is counted and adherent in it, this year and the year before.
-- Rows: counts
-- Cells: denominator = numerator + ~below; ~below = recoverable + ~lost; denominator adds up by measure;
--   last_denominator = last_numerator + ~last_below; last_denominator adds up by measure in the year before
-- $measure varchar optional: the measure's id; every measure when left out
-- $year integer: measurement year
-- $unit varchar: pharm, presc or plan
-- $population population: filters
with this_year as (
    select
        measure,
        case $unit when 'pharm' then pharmacy_npi when 'presc' then prescriber_npi when 'plan' then plan end as value,
        count(*) as denominator,
        count(*) filter (where adherent) as numerator,
        count(*) filter (where not adherent and allowable_days_remaining >= 0) as recoverable
    from population($measure, $year, $population)
    where in_denominator
    group by all
),

year_before as (
    select
        measure,
        case $unit when 'pharm' then pharmacy_npi when 'presc' then prescriber_npi when 'plan' then plan end as value,
        count(*) as denominator,
        count(*) filter (where adherent) as numerator
    from population($measure, $year - 1, $population)
    where in_denominator
    group by all
)

select
    t.measure,
    t.value,
    case $unit
        when 'pharm' then coalesce(d.name, t.value, 'no pharmacy known')
        when 'presc' then coalesce(p.name, t.value, 'no prescriber known')
        else coalesce(t.value, 'no plan known')
    end as label,
    t.numerator,
    t.denominator,
    t.recoverable,
    b.numerator as last_numerator,
    b.denominator as last_denominator
from this_year as t
left join year_before as b on b.measure = t.measure and b.value is not distinct from t.value
left join dispensing_pharmacy as d on $unit = 'pharm' and d.npi = t.value
left join prescriber as p on $unit = 'presc' and p.npi = t.value
order by label, t.value, t.measure
