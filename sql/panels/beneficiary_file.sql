-- One row for each person and contract of the CMS Part D MTM beneficiary file of a year, with the fields that data/reference/part_d_element.csv names.
-- Rows: patients
-- $year integer: reporting year
-- $contract varchar optional: one contract; all when left out
select
    fact.contract_id,
    patient.mbi,
    patient.first_name,
    upper(patient.middle_name[1]) as middle_initial,
    patient.last_name,
    patient.birth_date,
    fact.ltc_resident,
    fact.enrolled_on,
    fact.targeting_reason,
    fact.met_criteria_on,
    fact.opted_out_on,
    fact.opt_out_reason,
    fact.cognitively_impaired,
    fact.offered_on is not null as offered,
    fact.offered_on,
    fact.cmrs > 0 as received,
    fact.cmrs,
    fact.received_on[1] as cmr_on_1,
    fact.received_on[2] as cmr_on_2,
    fact.received_on[3] as cmr_on_3,
    fact.received_on[4] as cmr_on_4,
    fact.received_on[5] as cmr_on_5,
    fact.delivery_method,
    fact.provider_code,
    fact.recipient,
    fact.tmrs,
    fact.first_tmr_on,
    fact.prescriber_recommendations,
    fact.resolutions
from beneficiary_fact as fact
inner join patient on fact.patient_no = patient.patient_no
where fact.year = $year and ($contract is null or fact.contract_id = $contract)
order by fact.contract_id, patient.mbi, patient.patient_id
