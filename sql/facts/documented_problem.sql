-- One row for each recommendation of the year before the as-of day that was not withdrawn, and each list that finds problems of its kind in claims (by problem,
-- detail, action and group of its medicines, reference table problem_list). is_resolved: documented as resolved, or verified in claims.
with made as (
    select
        fact.patient_no,
        fact.data_source,
        fact.recommendation_id,
        fact.identified_date,
        fact.problem,
        fact.problem_detail,
        fact.action,
        concat_ws('; ', fact.about, fact.proposed) as text,
        fact.pharmacy_npi,
        coalesce(fact.resolved = 'yes', false) or coalesce(fact.verified = 'yes', false) as is_resolved
    from recommendation_fact as fact
    cross join run
    where fact.identified_date > run.as_of - 365 and fact.response <> 'withdrawn'
),

-- Each text is taken apart once.
grouped as (
    select distinct part.text, listed.drug_group
    from (
        select text, trim(unnest(string_split(text, ';'))) as ingredient
        from (select distinct text from made)
    ) as part
    inner join drug_group as listed on part.ingredient = listed.ingredient
)

select distinct
    made.patient_no,
    kind.list,
    made.data_source,
    made.recommendation_id,
    made.identified_date,
    made.pharmacy_npi,
    made.is_resolved
from made
inner join problem_list as kind
    on (kind.problem is null or kind.problem = made.problem)
    and (kind.problem_detail is null or kind.problem_detail = made.problem_detail)
    and (kind.action is null or kind.action = made.action)
left join grouped on made.text = grouped.text and kind.drug_group = grouped.drug_group
where kind.drug_group is null or grouped.drug_group is not null
