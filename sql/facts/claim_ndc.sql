-- One row for each NDC text in final pharmacy claims, as loaded.
select
    ndc_code,
    count(*) as fills,
    coalesce(sum(days_supply), 0)::bigint as days
from fill
group by ndc_code
