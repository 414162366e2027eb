-- One row for each ingredient that one patient has on hand on the as-of day. dose_a_day: strength times units a day of the last fill, in dose_unit; is_by_ml: those units are milliliters. Of a product of several
-- ingredients, or of a strength that is not by the unit or by the milliliter (an hour, a spray, a percentage), none.
-- Rows: patients
-- $patient_no integer: the patient
select
    fact.ingredient,
    fact.ndc_code,
    drug.strength,
    drug.form,
    drug.brand,
    fact.daily_units,
    strength.amount * fact.daily_units as dose_a_day,
    case
        when strength.unit in ('[iu]', 'unt', '[iu]/ml', 'unt/ml') then 'units'
        else regexp_replace(strength.unit, '/ml$', '')
    end as dose_unit,
    coalesce(ends_with(strength.unit, '/ml'), false) as is_by_ml,
    fact.last_fill_on,
    fact.days_supply,
    fact.runs_out_on,
    fact.refills_remaining,
    fact.prescriber_npi,
    prescriber.name as prescriber_name,
    fact.pharmacy_npi,
    pharmacy.name as pharmacy_name
from medication_fact as fact
left join drug on fact.ndc_code = drug.ndc_code
left join drug_strength as strength
    on fact.ndc_code = strength.ndc_code
    and len(strength.ingredients) = 1
    and regexp_matches(strength.unit, '^[^/%]+(/ml)?$')
left join prescriber on fact.prescriber_npi = prescriber.npi
left join dispensing_pharmacy as pharmacy on fact.pharmacy_npi = pharmacy.npi
where fact.patient_no = $patient_no
order by fact.ingredient
