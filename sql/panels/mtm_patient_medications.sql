-- One row for each ingredient that one patient has on hand on the as-of day.
-- Rows: patients
-- $patient_no integer: the patient
select
    fact.ingredient,
    fact.ndc_code,
    drug.strength,
    drug.form,
    drug.brand,
    fact.daily_units,
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
left join prescriber on fact.prescriber_npi = prescriber.npi
left join dispensing_pharmacy as pharmacy on fact.pharmacy_npi = pharmacy.npi
where fact.patient_no = $patient_no
order by fact.ingredient
