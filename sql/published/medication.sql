-- One row for each patient and ingredient on hand on the as-of day.
select
    patient.patient_id,
    fact.ingredient,
    fact.ndc_code,
    fact.last_fill_on,
    fact.runs_out_on,
    fact.prescriber_npi,
    fact.pharmacy_npi,
    fact.daily_units
from medication_fact as fact
inner join patient on fact.patient_no = patient.patient_no
