-- One row for each NDC text in claims, group of drug_group and ingredient of the product that belongs to the group.
select distinct ndc_text.ndc_no, drug_group.drug_group, drug_group.ingredient
from (select ndc_code, unnest(ingredients) as ingredient from drug where ndc_match <> 'none') as drug
inner join ndc_text on drug.ndc_code = ndc_text.ndc_code
inner join drug_group on drug.ingredient = drug_group.ingredient
