-- One row for each NDC text in claims, group of drug_group and ingredient of the product that belongs to the group. The diabetes medicines of SUPD leave out the
-- brands that drug_class leaves out of the diabetes measure: those for weight loss.
with product as (
    select ndc_code, brand, unnest(ingredients) as ingredient
    from drug
    where ndc_match <> 'none'
),

not_diabetes as (
    select product.ndc_code, product.ingredient
    from product
    inner join drug_class
        on product.ingredient = drug_class.ingredient
        and drug_class.measure = 'pdc_diabetes'
        and regexp_matches(product.brand, '^(' || drug_class.brand_exclude || ')', 'i')
)

select distinct ndc_text.ndc_no, drug_group.drug_group, drug_group.ingredient
from product
inner join ndc_text on product.ndc_code = ndc_text.ndc_code
inner join drug_group on product.ingredient = drug_group.ingredient
left join not_diabetes on product.ndc_code = not_diabetes.ndc_code and product.ingredient = not_diabetes.ingredient
where drug_group.drug_group <> 'supd_diabetes' or not_diabetes.ndc_code is null
