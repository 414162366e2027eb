-- One row for each line of a carrier (professional) claim of CMS DE-SynPUF.
-- File: DE1_0_2008_to_2010_Carrier_Claims_Sample_NA.csv and NB, or carrier.csv as the claimsdb package repacks it
-- Makes: medical_claim
-- Needs: CLM_ID, LINE_NCH_PMT_AMT_1
-- Reads: DESYNPUF_ID, CLM_ID, CLM_FROM_DT, CLM_THRU_DT, ICD9_DGNS_CD_1..8, PRF_PHYSN_NPI_1..13, HCPCS_CD_1..13, LINE_NCH_PMT_AMT_1..13,
--   LINE_ALOWD_CHRG_AMT_1..13, LINE_ICD9_DGNS_CD_1..13
-- Limits: SynPUF has no place of service. A line is one with a procedure or a line diagnosis; a claim with neither keeps its first line.
--   The line's own diagnosis comes first when the claim names none.
with lined as (
    select
        *,
        [PRF_PHYSN_NPI_1, PRF_PHYSN_NPI_2, PRF_PHYSN_NPI_3, PRF_PHYSN_NPI_4, PRF_PHYSN_NPI_5, PRF_PHYSN_NPI_6,
            PRF_PHYSN_NPI_7, PRF_PHYSN_NPI_8, PRF_PHYSN_NPI_9, PRF_PHYSN_NPI_10, PRF_PHYSN_NPI_11, PRF_PHYSN_NPI_12,
            PRF_PHYSN_NPI_13] as npis,
        [HCPCS_CD_1, HCPCS_CD_2, HCPCS_CD_3, HCPCS_CD_4, HCPCS_CD_5, HCPCS_CD_6, HCPCS_CD_7, HCPCS_CD_8, HCPCS_CD_9,
            HCPCS_CD_10, HCPCS_CD_11, HCPCS_CD_12, HCPCS_CD_13] as codes,
        [LINE_NCH_PMT_AMT_1, LINE_NCH_PMT_AMT_2, LINE_NCH_PMT_AMT_3, LINE_NCH_PMT_AMT_4, LINE_NCH_PMT_AMT_5,
            LINE_NCH_PMT_AMT_6, LINE_NCH_PMT_AMT_7, LINE_NCH_PMT_AMT_8, LINE_NCH_PMT_AMT_9, LINE_NCH_PMT_AMT_10,
            LINE_NCH_PMT_AMT_11, LINE_NCH_PMT_AMT_12, LINE_NCH_PMT_AMT_13] as payments,
        [LINE_ALOWD_CHRG_AMT_1, LINE_ALOWD_CHRG_AMT_2, LINE_ALOWD_CHRG_AMT_3, LINE_ALOWD_CHRG_AMT_4,
            LINE_ALOWD_CHRG_AMT_5, LINE_ALOWD_CHRG_AMT_6, LINE_ALOWD_CHRG_AMT_7, LINE_ALOWD_CHRG_AMT_8,
            LINE_ALOWD_CHRG_AMT_9, LINE_ALOWD_CHRG_AMT_10, LINE_ALOWD_CHRG_AMT_11, LINE_ALOWD_CHRG_AMT_12,
            LINE_ALOWD_CHRG_AMT_13] as allowed,
        [LINE_ICD9_DGNS_CD_1, LINE_ICD9_DGNS_CD_2, LINE_ICD9_DGNS_CD_3, LINE_ICD9_DGNS_CD_4, LINE_ICD9_DGNS_CD_5,
            LINE_ICD9_DGNS_CD_6, LINE_ICD9_DGNS_CD_7, LINE_ICD9_DGNS_CD_8, LINE_ICD9_DGNS_CD_9, LINE_ICD9_DGNS_CD_10,
            LINE_ICD9_DGNS_CD_11, LINE_ICD9_DGNS_CD_12, LINE_ICD9_DGNS_CD_13] as diagnoses
    from input
),
line as (
    select *, unnest(range(1, 14)) as line
    from lined
)
select
    input_row,
    CLM_ID as claim_id,
    line as claim_line_number,
    'professional' as claim_type,
    DESYNPUF_ID as person_id,
    iso_day(CLM_FROM_DT) as claim_start_date,
    iso_day(CLM_THRU_DT) as claim_end_date,
    codes[line] as hcpcs_code,
    npis[line] as rendering_npi,
    payments[line] as paid_amount,
    allowed[line] as allowed_amount,
    'icd-9-cm' as diagnosis_code_type,
    coalesce(ICD9_DGNS_CD_1, diagnoses[line]) as diagnosis_code_1,
    ICD9_DGNS_CD_2 as diagnosis_code_2,
    ICD9_DGNS_CD_3 as diagnosis_code_3,
    ICD9_DGNS_CD_4 as diagnosis_code_4,
    ICD9_DGNS_CD_5 as diagnosis_code_5,
    ICD9_DGNS_CD_6 as diagnosis_code_6,
    ICD9_DGNS_CD_7 as diagnosis_code_7,
    ICD9_DGNS_CD_8 as diagnosis_code_8
from line
where line = 1 or codes[line] is not null or diagnoses[line] is not null;
