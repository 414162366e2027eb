-- One row for each measure and star of the latest published cut points, and the goal, which is the least rate for four stars.
-- Rows: reference
-- $plan_type varchar: MA-PD or PDP
select
    measure,
    ratings_year::integer as ratings_year,
    measure_year::integer as measure_year,
    plan_type,
    stars::integer as stars,
    minimum::double / 100 as minimum,
    source,
    stars = 4 as is_goal
from cut_point
where plan_type = $plan_type
qualify ratings_year = max(ratings_year) over (partition by measure)
order by measure, stars
