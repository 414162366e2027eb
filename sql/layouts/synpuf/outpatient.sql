-- One row for each procedure of an outpatient claim of CMS DE-SynPUF, and one for a claim without procedures.
-- File: DE1_0_2008_to_2010_Outpatient_Claims_Sample_N.csv, or outpatient.csv as the claimsdb package repacks it
-- Makes: medical_claim
-- Needs: CLM_ID, NCH_BENE_PTB_DDCTBL_AMT
-- Reads: DESYNPUF_ID, CLM_ID, SEGMENT, CLM_FROM_DT, CLM_THRU_DT, PRVDR_NUM, CLM_PMT_AMT, AT_PHYSN_NPI, ICD9_DGNS_CD_1..10,
--   ICD9_PRCDR_CD_1..6, HCPCS_CD_1..45
-- Limits: SynPUF has no bill type and no revenue centre: 131 (hospital outpatient) is taken, and emergency visits show by HCPCS only. The
--   claim's payment stands on its first line. PRVDR_NUM is CMS's provider number, not an NPI.
with coded as (
    select
        *,
        list_filter([
            HCPCS_CD_1, HCPCS_CD_2, HCPCS_CD_3, HCPCS_CD_4, HCPCS_CD_5, HCPCS_CD_6, HCPCS_CD_7, HCPCS_CD_8, HCPCS_CD_9,
            HCPCS_CD_10, HCPCS_CD_11, HCPCS_CD_12, HCPCS_CD_13, HCPCS_CD_14, HCPCS_CD_15, HCPCS_CD_16, HCPCS_CD_17,
            HCPCS_CD_18, HCPCS_CD_19, HCPCS_CD_20, HCPCS_CD_21, HCPCS_CD_22, HCPCS_CD_23, HCPCS_CD_24, HCPCS_CD_25,
            HCPCS_CD_26, HCPCS_CD_27, HCPCS_CD_28, HCPCS_CD_29, HCPCS_CD_30, HCPCS_CD_31, HCPCS_CD_32, HCPCS_CD_33,
            HCPCS_CD_34, HCPCS_CD_35, HCPCS_CD_36, HCPCS_CD_37, HCPCS_CD_38, HCPCS_CD_39, HCPCS_CD_40, HCPCS_CD_41,
            HCPCS_CD_42, HCPCS_CD_43, HCPCS_CD_44, HCPCS_CD_45
        ], lambda code: code is not null) as codes
    from input
),
line as (
    select *, unnest(range(greatest(len(codes), 1))) as line_index
    from coded
)
select
    input_row,
    CLM_ID as claim_id,
    (coalesce(try_cast(SEGMENT as integer), 1) - 1) * 100 + line_index + 1 as claim_line_number,
    'institutional' as claim_type,
    DESYNPUF_ID as person_id,
    iso_day(CLM_FROM_DT) as claim_start_date,
    iso_day(CLM_THRU_DT) as claim_end_date,
    '131' as bill_type_code,
    codes[line_index + 1] as hcpcs_code,
    AT_PHYSN_NPI as rendering_npi,
    PRVDR_NUM as facility_npi,
    case when line_index = 0 then CLM_PMT_AMT end as paid_amount,
    'icd-9-cm' as diagnosis_code_type,
    ICD9_DGNS_CD_1 as diagnosis_code_1,
    ICD9_DGNS_CD_2 as diagnosis_code_2,
    ICD9_DGNS_CD_3 as diagnosis_code_3,
    ICD9_DGNS_CD_4 as diagnosis_code_4,
    ICD9_DGNS_CD_5 as diagnosis_code_5,
    ICD9_DGNS_CD_6 as diagnosis_code_6,
    ICD9_DGNS_CD_7 as diagnosis_code_7,
    ICD9_DGNS_CD_8 as diagnosis_code_8,
    ICD9_DGNS_CD_9 as diagnosis_code_9,
    ICD9_DGNS_CD_10 as diagnosis_code_10,
    'icd-9-pcs' as procedure_code_type,
    ICD9_PRCDR_CD_1 as procedure_code_1,
    ICD9_PRCDR_CD_2 as procedure_code_2,
    ICD9_PRCDR_CD_3 as procedure_code_3,
    ICD9_PRCDR_CD_4 as procedure_code_4,
    ICD9_PRCDR_CD_5 as procedure_code_5,
    ICD9_PRCDR_CD_6 as procedure_code_6
from line;
