-- One row for each segment of an inpatient claim of CMS DE-SynPUF.
-- File: DE1_0_2008_to_2010_Inpatient_Claims_Sample_N.csv, or inpatient.csv as the claimsdb package repacks it
-- Makes: medical_claim
-- Needs: CLM_ADMSN_DT, CLM_DRG_CD
-- Reads: DESYNPUF_ID, CLM_ID, SEGMENT, CLM_FROM_DT, CLM_THRU_DT, PRVDR_NUM, CLM_PMT_AMT, AT_PHYSN_NPI, CLM_ADMSN_DT, NCH_BENE_DSCHRG_DT,
--   CLM_DRG_CD, ICD9_DGNS_CD_1..10, ICD9_PRCDR_CD_1..6, HCPCS_CD_1
-- Limits: SynPUF has no bill type: 111 (hospital, admit through discharge) is taken. PRVDR_NUM is CMS's provider number, not an NPI: the
--   facility is known by it, and its check digit fails. No discharge disposition.
select
    input_row,
    CLM_ID as claim_id,
    coalesce(SEGMENT, '1') as claim_line_number,
    'institutional' as claim_type,
    DESYNPUF_ID as person_id,
    coalesce(iso_day(CLM_FROM_DT), iso_day(CLM_ADMSN_DT)) as claim_start_date,
    iso_day(CLM_THRU_DT) as claim_end_date,
    iso_day(CLM_ADMSN_DT) as admission_date,
    iso_day(NCH_BENE_DSCHRG_DT) as discharge_date,
    '111' as bill_type_code,
    'ms-drg' as drg_code_type,
    CLM_DRG_CD as drg_code,
    HCPCS_CD_1 as hcpcs_code,
    AT_PHYSN_NPI as rendering_npi,
    PRVDR_NUM as facility_npi,
    CLM_PMT_AMT as paid_amount,
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
from input;
