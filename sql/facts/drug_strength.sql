-- One row for each NDC text whose strength the drug tables give as numbers: their sum over the ingredients, and the unit, so that two products of the
-- same ingredients and unit can be compared. Strengths given in grams or micrograms are turned into milligrams.
with read as (
    select
        ndc_code,
        ingredients,
        lower(regexp_replace(strength, '/1(\D|$)', '\1', 'g')) as strength
    from drug
    where strength is not null and ndc_match <> 'none'
),

measured as (
    select
        ndc_code,
        ingredients,
        list_sum(list_transform(regexp_extract_all(strength, '(\d+\.?\d*|\.\d+)'), lambda number: number::double)) as amount,
        regexp_replace(strength, '[0-9.; ]', '', 'g') as unit
    from read
)

select
    ndc_code,
    ingredients,
    case when unit = 'g' then amount * 1000 when unit in ('ug', 'mcg') then amount / 1000 else amount end as amount,
    case when unit in ('g', 'ug', 'mcg') then 'mg' else unit end as unit
from measured
where amount > 0
