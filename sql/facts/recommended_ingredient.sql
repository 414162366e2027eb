-- One row for each patient and ingredient that a recommendation of the year before the as-of day is about or proposes: the latest that was not withdrawn.
with made as (
    select patient_no, recommendation_id, identified_date, lower(concat_ws(';', ingredient, new_ingredient)) as text
    from recommendation_fact
    cross join run
    where identified_date > run.as_of - 365 and response <> 'withdrawn'
),

-- Each text is taken apart once.
part as (
    select distinct text, trim(unnest(string_split_regex(text, '\s*[;+/|]\s*'))) as ingredient
    from (select distinct text from made)
)

select
    made.patient_no,
    part.ingredient,
    max(made.identified_date) as identified_on,
    arg_max(made.recommendation_id, (made.identified_date, made.recommendation_id)) as recommendation_id
from made
inner join part on made.text = part.text
where part.ingredient <> ''
group by made.patient_no, part.ingredient
