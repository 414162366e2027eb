-- One row for each NDC text in claims with what the drug tables know of it.
-- ndc_match says how it was found: list (a list the user imported), ndc11 (the whole code), ndc10 (a code of ten digits, or one
-- whose leading zeros were lost: every reading of it that is a known code has the same ingredients), ndc9 (the package is unknown,
-- all known packages of the same labeler and product have the same ingredients), none.
with
listed as (
    select ndc11, list_sort(list(distinct ingredient)) as ingredients
    from user_drug
    where ingredient is not null
    group by ndc11
),

product as (
    select
        ndc9,
        any_value(ingredients) as ingredients,
        arg_min(strength, ndc11) as strength,
        arg_min(form, ndc11) as form,
        arg_min(route, ndc11) as route,
        arg_min(brand, ndc11) as brand
    from ndc_package
    group by ndc9
    having count(distinct ingredients) = 1
),

hit as (
    select
        ndc_reading.ndc_code,
        1 as level,
        'list' as ndc_match,
        ndc_reading.ndc11,
        listed.ingredients,
        ndc_package.strength,
        ndc_package.form,
        ndc_package.route,
        ndc_package.brand
    from ndc_reading
    inner join listed on listed.ndc11 = ndc_reading.ndc11
    left join ndc_package on ndc_package.ndc11 = ndc_reading.ndc11
    union all
    select
        ndc_reading.ndc_code,
        2,
        case when ndc_reading.is_guess then 'ndc10' else 'ndc11' end,
        ndc_reading.ndc11,
        ndc_package.ingredients,
        ndc_package.strength,
        ndc_package.form,
        ndc_package.route,
        ndc_package.brand
    from ndc_reading
    inner join ndc_package on ndc_package.ndc11 = ndc_reading.ndc11
    union all
    select
        ndc_reading.ndc_code,
        3,
        'ndc9',
        ndc_reading.ndc11,
        product.ingredients,
        product.strength,
        product.form,
        product.route,
        product.brand
    from ndc_reading
    inner join product on product.ndc9 = ndc_reading.ndc9
),

-- Where only labeler and product are given, a match on them is a whole match: nine digits that may also be a code without its two
-- leading zeros then show the clash.
ranked as (
    select
        hit.*,
        case when ndc11 is null then 2 else level end as tier
    from hit
),

best as (
    select ndc_code, min(tier) as tier
    from ranked
    group by ndc_code
),

found as (
    select
        ranked.ndc_code,
        case when count(distinct ranked.ndc11) = 1 then min(ranked.ndc11) end as ndc11,
        min(ranked.ndc_match) as ndc_match,
        any_value(ranked.ingredients) as ingredients,
        min_by(ranked.strength, coalesce(ranked.ndc11, ranked.ndc_code)) as strength,
        min_by(ranked.form, coalesce(ranked.ndc11, ranked.ndc_code)) as form,
        min_by(ranked.route, coalesce(ranked.ndc11, ranked.ndc_code)) as route,
        min_by(ranked.brand, coalesce(ranked.ndc11, ranked.ndc_code)) as brand
    from ranked
    inner join best on best.ndc_code = ranked.ndc_code and best.tier = ranked.tier
    group by ranked.ndc_code
    having count(distinct ranked.ingredients) = 1
),

certain as (
    select ndc_code, ndc11
    from ndc_reading
    where not is_guess
)

select
    claim_ndc.ndc_code,
    coalesce(found.ndc11, certain.ndc11) as ndc11,
    coalesce(found.ndc_match, 'none') as ndc_match,
    coalesce(found.ingredients, []::varchar[]) as ingredients,
    found.strength,
    found.form,
    found.route,
    found.brand,
    claim_ndc.fills,
    claim_ndc.days
from claim_ndc
left join found on found.ndc_code = claim_ndc.ndc_code
left join certain on certain.ndc_code = claim_ndc.ndc_code
