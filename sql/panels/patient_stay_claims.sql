-- One row for each final claim line behind the stays of one patient, with its file, line and load.
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
    stay.stay_id,
    line.data_source,
    line.claim_id,
    line.claim_line_number,
    line.bill_type as bill_type_code,
    line.starts_on as from_on,
    line.ends_on as to_on,
    line.revenue_center_code,
    line.hcpcs_code,
    line.discharge_disposition_code,
    line.facility_npi,
    line.source_file,
    line.source_line,
    line.load_id,
    index_day.index_day
from stay_bill
cross join index_day
inner join stay_fact as stay on stay_bill.stay_no = stay.stay_no
inner join final_medical_line as line
    on line.patient_no = $patient_no
    and stay_bill.claim_id = line.claim_id
    and stay_bill.data_source is not distinct from line.data_source
where stay_bill.patient_no = $patient_no
order by stay.admitted_on, stay.stay_id, line.claim_id, line.claim_line_number
