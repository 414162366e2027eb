-- One row for each final claim of an inpatient kind (bill types 11x hospital, 18x swing bed, 21x skilled nursing, 41x religious non-medical), as billed.
-- from_on: the day of admission, else the first day of service; to_on: the day of discharge, else the last day of service. is_open: the patient was still
-- there at the end (discharge status 30, or no status on an interim bill, frequency 2 or 3). place: the facility, else who billed, else nothing known.
-- ICD-9 is told by the code type, without one by the day (before October 2015).
-- unit: psychiatric or rehabilitation by ward, DRG or CMS's facility number (S, T; 40 to 44, 30), long_term by that number (20 to 22), else none.
with final_line as (
    select patient_no, source_file, source_line, load_id, bill_type, ends_on
    from final_medical_line
    where bill_type[1:2] in ('11', '18', '21', '41')
),

line as (
    select
        final_line.patient_no,
        final_line.bill_type,
        final_line.ends_on,
        claim.*,
        coalesce(claim.facility_npi, claim.billing_npi, '') as place,
        lpad(claim.revenue_center_code, 4, '0') as revenue,
        lpad(claim.drg_code, 3, '0') as drg,
        coalesce(claim.diagnosis_code_type like '%9%', final_line.ends_on < date '2015-10-01') as is_icd_9,
        coalesce(claim.procedure_code_type like '%9%', final_line.ends_on < date '2015-10-01') as is_icd_9_procedure,
        list_zip(
            [
                claim.diagnosis_code_1, claim.diagnosis_code_2, claim.diagnosis_code_3, claim.diagnosis_code_4, claim.diagnosis_code_5, claim.diagnosis_code_6,
                claim.diagnosis_code_7, claim.diagnosis_code_8, claim.diagnosis_code_9, claim.diagnosis_code_10, claim.diagnosis_code_11, claim.diagnosis_code_12,
                claim.diagnosis_code_13, claim.diagnosis_code_14, claim.diagnosis_code_15, claim.diagnosis_code_16, claim.diagnosis_code_17, claim.diagnosis_code_18,
                claim.diagnosis_code_19, claim.diagnosis_code_20, claim.diagnosis_code_21, claim.diagnosis_code_22, claim.diagnosis_code_23, claim.diagnosis_code_24,
                claim.diagnosis_code_25
            ],
            [
                claim.diagnosis_poa_1, claim.diagnosis_poa_2, claim.diagnosis_poa_3, claim.diagnosis_poa_4, claim.diagnosis_poa_5, claim.diagnosis_poa_6,
                claim.diagnosis_poa_7, claim.diagnosis_poa_8, claim.diagnosis_poa_9, claim.diagnosis_poa_10, claim.diagnosis_poa_11, claim.diagnosis_poa_12,
                claim.diagnosis_poa_13, claim.diagnosis_poa_14, claim.diagnosis_poa_15, claim.diagnosis_poa_16, claim.diagnosis_poa_17, claim.diagnosis_poa_18,
                claim.diagnosis_poa_19, claim.diagnosis_poa_20, claim.diagnosis_poa_21, claim.diagnosis_poa_22, claim.diagnosis_poa_23, claim.diagnosis_poa_24,
                claim.diagnosis_poa_25
            ]
        ) as diagnoses,
        [
            claim.procedure_code_1, claim.procedure_code_2, claim.procedure_code_3, claim.procedure_code_4, claim.procedure_code_5, claim.procedure_code_6,
            claim.procedure_code_7, claim.procedure_code_8, claim.procedure_code_9, claim.procedure_code_10, claim.procedure_code_11, claim.procedure_code_12,
            claim.procedure_code_13, claim.procedure_code_14, claim.procedure_code_15, claim.procedure_code_16, claim.procedure_code_17, claim.procedure_code_18,
            claim.procedure_code_19, claim.procedure_code_20, claim.procedure_code_21, claim.procedure_code_22, claim.procedure_code_23, claim.procedure_code_24,
            claim.procedure_code_25
        ] as procedures
    from final_line
    inner join medical_claim as claim
        on final_line.load_id = claim.load_id
        and final_line.source_file = claim.source_file
        and final_line.source_line = claim.source_line
),

unit_code as (
    select code_system, code, "set" as unit
    from hospital_code
    where "set" in ('psychiatric', 'rehabilitation') and code_system in ('drg', 'revenue')
),

bill as (
    select
        line.patient_no,
        line.data_source,
        line.claim_id,
        arg_min(line.bill_type, line.claim_line_number) as bill_type,
        arg_min(line.place, line.claim_line_number) as place,
        min(coalesce(line.admission_date, line.claim_start_date)) as starts_on,
        max(coalesce(line.discharge_date, line.ends_on)) as ends_on,
        max(line.discharge_date) is null as no_discharge_day,
        arg_min(line.discharge_disposition_code, line.claim_line_number) as disposition,
        arg_min(line.admit_source_code, line.claim_line_number) as admit_source,
        arg_min(line.admit_type_code, line.claim_line_number) as admit_type,
        arg_min(line.drg, line.claim_line_number) as drg,
        bool_or(line.is_icd_9) as is_icd_9,
        arg_min(upper(replace(line.diagnosis_code_1, '.', '')), line.claim_line_number) as principal_diagnosis,
        list_distinct(flatten(list(
            list_transform(
                list_filter(line.diagnoses, lambda each: each[1] is not null),
                lambda each: struct_pack(code := upper(replace(each[1], '.', '')), present := upper(each[2]))
            )
        ))) as diagnoses,
        list_distinct(flatten(list(
            list_transform(list_filter(line.procedures, lambda code: code is not null), lambda code: upper(replace(code, '.', '')))
        ))) as procedures,
        bool_or(line.is_icd_9_procedure) as is_icd_9_procedure,
        bool_or(ward.unit = 'psychiatric' or group_.unit = 'psychiatric') as is_psychiatric,
        bool_or(ward.unit = 'rehabilitation' or group_.unit = 'rehabilitation') as is_rehabilitation,
        bool_or(emergency.code is not null) as has_emergency,
        sum(line.paid_amount) as paid_amount
    from line
    left join unit_code as ward on ward.code_system = 'revenue' and line.revenue = ward.code
    left join unit_code as group_ on group_.code_system = 'drg' and line.drg = group_.code
    left join value_set as emergency
        on emergency."set" = 'emergency_department' and emergency.code_system = 'revenue' and line.revenue = emergency.code
    group by line.patient_no, line.data_source, line.claim_id
)

select
    patient_no,
    data_source,
    claim_id,
    bill_type,
    place,
    case bill_type[1:2] when '11' then 'hospital' when '18' then 'swing_bed' when '21' then 'snf' else 'religious_nonmedical' end as setting,
    case
        when bill_type[1:2] <> '11' then ''
        when is_rehabilitation or (length(place) = 6 and (place[3] = 'T' or place[3:4] = '30')) then 'rehabilitation'
        when is_psychiatric or (length(place) = 6 and (place[3] = 'S' or place[3:4] between '40' and '44')) then 'psychiatric'
        when length(place) = 6 and place[3:4] between '20' and '22' then 'long_term'
        else ''
    end as unit,
    starts_on as from_on,
    greatest(starts_on, ends_on) as to_on,
    coalesce(disposition, case when bill_type[3] in ('2', '3') then '30' end) is not distinct from '30' as is_open,
    no_discharge_day,
    disposition,
    admit_source,
    admit_type,
    drg,
    is_icd_9,
    principal_diagnosis,
    diagnoses,
    procedures,
    is_icd_9_procedure,
    has_emergency,
    paid_amount
from bill
order by patient_no, from_on, to_on, data_source, claim_id
