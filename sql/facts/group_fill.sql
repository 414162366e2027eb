-- One row for each final fill of the year before the as-of day, and each group of drug_group that an ingredient of it belongs to.
with group_ndc as (
    select distinct ndc_text.ndc_no, drug_group.drug_group, drug_group.ingredient, drug.ingredients
    from (select ndc_code, ingredients, unnest(ingredients) as ingredient from drug where ndc_match <> 'none') as drug
    inner join ndc_text on drug.ndc_code = ndc_text.ndc_code
    inner join drug_group on drug.ingredient = drug_group.ingredient
)

select
    fill.patient_no,
    group_ndc.drug_group,
    group_ndc.ingredient,
    group_ndc.ingredients,
    fill.dispensed_on,
    fill.days_supply,
    fill.prescriber_npi,
    fill.pharmacy_npi,
    fill.claim_id
from fill
inner join run on fill.dispensed_on > run.as_of - 365
inner join group_ndc on fill.ndc_no = group_ndc.ndc_no
