-- One row for each patient and ingredient that a recommendation of the year before the as-of day is about or proposes: the latest that was not withdrawn.
-- One that names its medicine by NDC alone is about the ingredients of that product.
with made as (
    select
        fact.patient_no,
        fact.recommendation_id,
        fact.identified_date,
        lower(concat_ws(';', coalesce(fact.ingredient, array_to_string(drug.ingredients, ';')), fact.new_ingredient)) as text
    from recommendation_fact as fact
    cross join run
    left join drug on fact.ndc_code = drug.ndc_code
    where fact.identified_date > run.as_of - 365 and fact.response <> 'withdrawn'
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
