-- One row for each measure and year of one patient.
-- Rows: patients
-- Index day: index_day
-- $patient_no integer: the patient
select
    fact.measure,
    fact.year,
    fact.as_of,
    fact.in_denominator,
    fact.excluded_because,
    fact.index_date,
    min(fact.index_date) over (partition by fact.year) as index_day,
    fact.period_end,
    fact.period_days,
    fact.elapsed_days,
    fact.covered_days,
    fact.removed_days,
    fact.fills,
    fact.pdc,
    fact.adherent,
    fact.missed_days,
    fact.allowable_days_remaining,
    fact.runs_out_on,
    fact.days_late,
    fact.last_impactable_on,
    fact.best_possible_pdc,
    fact.status,
    fact.covered_days_without_stay_adjustment,
    fact.period_days_without_stay_adjustment,
    fact.adherent_without_stay_adjustment,
    fact.pharmacy_npi,
    pharmacy.name as pharmacy_name,
    fact.prescriber_npi,
    prescriber.name as prescriber_name,
    prescriber.phone as prescriber_phone,
    prescriber.fax as prescriber_fax,
    fact.plan,
    fact.last_fill_on,
    fact.last_ingredient,
    fact.last_days_supply,
    fact.last_refills_remaining,
    fact.pharmacy_fills,
    fact.counted_fills
from adherence_fact as fact
left join dispensing_pharmacy as pharmacy on fact.pharmacy_npi = pharmacy.npi
left join prescriber on fact.prescriber_npi = prescriber.npi
where fact.patient_no = $patient_no
order by fact.year desc, fact.measure
