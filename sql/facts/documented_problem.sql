-- One row for each recommendation of the year before the as-of day that was not withdrawn, and each list that finds problems of its kind in claims (by problem,
-- detail, action and group of its medicines, reference table problem_list). is_resolved: documented as resolved, or verified in claims.
with made as (
    select
        fact.*,
        list_filter(
            list_transform(
                string_split_regex(lower(concat_ws(';', fact.ingredient, fact.new_ingredient)), '\s*[;+/|]\s*'),
                lambda part: trim(part)
            ),
            lambda part: part <> ''
        ) as ingredients
    from recommendation_fact as fact
    inner join run on fact.identified_date > run.as_of - 365
    where fact.response <> 'withdrawn'
),

grouped as (
    select distinct part.data_source, part.recommendation_id, listed.drug_group
    from (select data_source, recommendation_id, unnest(ingredients) as ingredient from made) as part
    inner join drug_group as listed on part.ingredient = listed.ingredient
)

select distinct
    made.patient_no,
    kind.list,
    made.data_source,
    made.recommendation_id,
    made.identified_date,
    made.pharmacy_npi,
    coalesce(made.resolved = 'yes', false) or coalesce(made.verified = 'yes', false) as is_resolved
from made
inner join problem_list as kind
    on (kind.problem is null or kind.problem = made.problem)
    and (kind.problem_detail is null or kind.problem_detail = made.problem_detail)
    and (kind.action is null or kind.action = made.action)
left join grouped
    on made.data_source is not distinct from grouped.data_source
    and made.recommendation_id = grouped.recommendation_id
    and kind.drug_group = grouped.drug_group
where kind.drug_group is null or grouped.drug_group is not null
