-- One row for each NDC text in claims, measure and ingredient that puts it in that measure, as target or as exclusion.
-- Only listed ingredients give rows, so that a partner such as hydrochlorothiazide never shifts supply; a product with an exclusion
-- ingredient of a measure is never a target of it; a product whose route is not known passes the route test. A list of NDCs that the
-- user imported for a measure and role replaces ours for it. valid_from and valid_to bound the dispensing day where they are given.
with
part as (
    select ndc_code, route, brand, unnest(ingredients) as ingredient
    from drug
),

replaced as (
    select distinct measure, role
    from user_class
),

by_ingredient as (
    select
        part.ndc_code,
        drug_class.measure,
        part.ingredient,
        drug_class.role,
        drug_class.valid_from,
        drug_class.valid_to
    from part
    inner join drug_class on drug_class.ingredient = part.ingredient
    where
        (
            drug_class.route_filter is null
            or part.route is null
            or list_has_any(string_split(part.route, '; '), string_split(drug_class.route_filter, '|'))
        )
        and (
            drug_class.brand_exclude is null
            or part.brand is null
            or not regexp_matches(part.brand, '^(' || drug_class.brand_exclude || ')', 'i')
        )
),

by_own_list as (
    select
        drug.ndc_code,
        user_drug.class as measure,
        user_drug.ingredient,
        'target' as role,
        null::date as valid_from,
        null::date as valid_to
    from drug
    inner join user_drug on user_drug.ndc11 = drug.ndc11
    where user_drug.class is not null and user_drug.ingredient is not null
),

ours as (
    from by_ingredient
    union
    from by_own_list
),

-- A class list names products; where it gives no ingredient, ours in that class, else all of the product.
by_class_list as (
    select
        drug.ndc_code,
        user_class.measure,
        coalesce(
            user_class.ingredient,
            by_ingredient.ingredient,
            nullif(array_to_string(drug.ingredients, '; '), ''),
            drug.ndc_code
        ) as ingredient,
        user_class.role,
        null::date as valid_from,
        null::date as valid_to
    from drug
    inner join user_class on user_class.ndc11 = drug.ndc11
    left join by_ingredient
        on by_ingredient.ndc_code = drug.ndc_code
        and by_ingredient.measure = user_class.measure
        and by_ingredient.role = user_class.role
),

every as (
    select * from ours anti join replaced using (measure, role)
    union
    from by_class_list
),

excluded as (
    select distinct ndc_code, measure
    from every
    where role = 'exclusion'
),

target as (
    select every.*
    from every
    anti join excluded using (ndc_code, measure)
    where every.role = 'target'
)

select ndc_code, measure, ingredient, role, valid_from, valid_to
from target
union all
select ndc_code, measure, ingredient, role, valid_from, valid_to
from every
where role = 'exclusion'
