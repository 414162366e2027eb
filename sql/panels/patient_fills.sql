-- One row for each final fill of one patient, newest first, whatever the drug.
-- Rows: patients
-- Index day: index_day
-- $patient_no integer: the patient
-- $year integer: measurement year whose index day numbers the days
with index_day as (
    select min(index_date) as index_day
    from adherence_fact
    where patient_no = $patient_no and year = $year
)

select
    fill.claim_id,
    fill.claim_line_number,
    fill.data_source,
    fill.dispensed_on,
    fill.ndc_code,
    array_to_string(drug.ingredients, ' + ') as ingredient,
    drug.strength,
    drug.form,
    drug.brand,
    drug.ndc_match,
    fill.quantity,
    fill.days_supply,
    fill.refills_remaining,
    fill.pharmacy_npi,
    pharmacy.name as pharmacy_name,
    fill.prescriber_npi,
    prescriber.name as prescriber_name,
    fill.plan,
    fill.is_covered,
    fill.drug_coverage_status,
    fill.source_file,
    fill.source_line,
    fill.load_id,
    index_day.index_day
from fill
cross join index_day
left join drug on fill.ndc_code = drug.ndc_code
left join dispensing_pharmacy as pharmacy on fill.pharmacy_npi = pharmacy.npi
left join prescriber on fill.prescriber_npi = prescriber.npi
where fill.patient_no = $patient_no
order by fill.dispensed_on desc, fill.claim_id, fill.claim_line_number
