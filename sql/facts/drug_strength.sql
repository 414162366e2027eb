-- One row for each NDC text whose strength the drug tables give as numbers: their sum over the ingredients, and the unit, so that two products of the
-- same ingredients and unit can be compared. Strengths given in grams or micrograms are turned into milligrams, those in so many of a unit (250 mg/5mL) into those
-- in one; how much a container holds before them (3 ML; 100 UNT/ML) is no strength.
with read as (
    select
        ndc_code,
        ingredients,
        regexp_replace(lower(regexp_replace(strength, '/1(\D|$)', '\1', 'g')), '^[0-9.]+ (ml|actuat);(.*/\s*(ml|actuat))', '\2') as strength
    from drug
    where strength is not null and ndc_match <> 'none'
),

parted as (
    select
        ndc_code,
        ingredients,
        regexp_replace(strength, '/\s*(\d+\.?\d*|\.\d+)', '/', 'g') as strength,
        list_distinct(regexp_extract_all(strength, '/\s*(\d+\.?\d*|\.\d+)', 1)) as per
    from read
),

measured as (
    select
        ndc_code,
        ingredients,
        list_sum(list_transform(regexp_extract_all(strength, '(\d+\.?\d*|\.\d+)'), lambda number: number::double)) / coalesce(per[1]::double, 1) as amount,
        regexp_replace(strength, '[0-9.; ]', '', 'g') as unit
    from parted
    where len(per) <= 1
)

select
    ndc_code,
    ingredients,
    case when unit = 'g' then amount * 1000 when unit in ('ug', 'mcg') then amount / 1000 else amount end as amount,
    case when unit in ('g', 'ug', 'mcg') then 'mg' else unit end as unit
from measured
where amount > 0 and isfinite(amount)
