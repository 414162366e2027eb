-- One row for each line of a final medical claim that began by the as-of day; its diagnosis codes as one list, without dots.
with line as (
    select
        medical_claim.*,
        case
            when length(medical_claim.bill_type_code) = 4 and medical_claim.bill_type_code[1] = '0' then medical_claim.bill_type_code[2:]
            else medical_claim.bill_type_code
        end as bill_type,
        concat_ws(
            chr(31),
            medical_claim.diagnosis_code_1, medical_claim.diagnosis_code_2, medical_claim.diagnosis_code_3, medical_claim.diagnosis_code_4,
            medical_claim.diagnosis_code_5, medical_claim.diagnosis_code_6, medical_claim.diagnosis_code_7, medical_claim.diagnosis_code_8,
            medical_claim.diagnosis_code_9, medical_claim.diagnosis_code_10, medical_claim.diagnosis_code_11, medical_claim.diagnosis_code_12,
            medical_claim.diagnosis_code_13, medical_claim.diagnosis_code_14, medical_claim.diagnosis_code_15, medical_claim.diagnosis_code_16,
            medical_claim.diagnosis_code_17, medical_claim.diagnosis_code_18, medical_claim.diagnosis_code_19, medical_claim.diagnosis_code_20,
            medical_claim.diagnosis_code_21, medical_claim.diagnosis_code_22, medical_claim.diagnosis_code_23, medical_claim.diagnosis_code_24,
            medical_claim.diagnosis_code_25
        ) as codes
    from medical_claim
    where medical_claim.claim_status in ('paid', 'adjusted')
        and medical_claim.claim_start_date <= (select as_of from run)
)

select
    person.patient_no,
    line.data_source,
    line.claim_id,
    line.claim_line_number,
    line.claim_start_date as starts_on,
    greatest(line.claim_start_date, coalesce(line.claim_end_date, line.claim_line_end_date, line.claim_start_date)) as ends_on,
    line.admission_date as admitted_on,
    line.discharge_date as discharged_on,
    line.bill_type,
    line.facility_npi,
    line.revenue_center_code,
    line.hcpcs_code,
    line.discharge_disposition_code,
    line.paid_amount,
    if(line.codes = '', [], string_split(upper(replace(line.codes, '.', '')), chr(31))) as diagnosis_codes,
    line.source_file,
    line.source_line,
    line.load_id
from line
inner join person on line.person_id = person.patient_id
left join medical_removed on line.data_source = medical_removed.data_source and line.claim_id = medical_removed.claim_id
where (length(line.bill_type) <> 3 or line.bill_type[3] <> '8' or line.bill_type is null)
    and (
        medical_removed.claim_id is null
        or (medical_removed.keeps_replacement and length(line.bill_type) = 3 and line.bill_type[3] = '7')
    )
order by person.patient_no, starts_on
