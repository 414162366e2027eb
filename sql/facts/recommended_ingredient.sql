-- One row for each patient and ingredient that a recommendation of the year before the as-of day is about or proposes: the latest that was not withdrawn.
with named as (
    select
        fact.patient_no,
        fact.recommendation_id,
        fact.identified_date,
        unnest(
            list_filter(
                list_transform(
                    string_split_regex(lower(concat_ws(';', fact.ingredient, fact.new_ingredient)), '\s*[;+/|]\s*'),
                    lambda part: trim(part)
                ),
                lambda part: part <> ''
            )
        ) as ingredient
    from recommendation_fact as fact
    inner join run on fact.identified_date > run.as_of - 365
    where fact.response <> 'withdrawn'
)

select
    patient_no,
    ingredient,
    max(identified_date) as identified_on,
    arg_max(recommendation_id, (identified_date, recommendation_id)) as recommendation_id
from named
group by patient_no, ingredient
