-- One row for each package in the drug tables that an NDC text in claims may mean: its whole code, or a package of its product.
select ndc11, left(ndc11, 9) as ndc9, ingredients, strength, form, route, brand
from reference_drug
where
    left(ndc11, 9) in (select ndc9 from ndc_reading where ndc9 is not null)
    or ndc11 in (select ndc11 from ndc_reading where ndc11 is not null)
