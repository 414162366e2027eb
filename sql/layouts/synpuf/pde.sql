-- One row for each prescription drug event of CMS DE-SynPUF.
-- File: DE1_0_2008_to_2010_Prescription_Drug_Events_Sample_N.csv, or pde.csv as the claimsdb package repacks it
-- Makes: pharmacy_claim
-- Needs: PDE_ID, PROD_SRVC_ID, DAYS_SUPLY_NUM
-- Reads: DESYNPUF_ID, PDE_ID, SRVC_DT, PROD_SRVC_ID, QTY_DSPNSD_NUM, DAYS_SUPLY_NUM, PTNT_PAY_AMT, TOT_RX_CST_AMT
-- Limits: no pharmacy, prescriber or plan; what the patient paid stands as copayment, the total cost as allowed. Repeat fills are rare.
select
    input_row,
    PDE_ID as claim_id,
    DESYNPUF_ID as person_id,
    iso_day(SRVC_DT) as dispensing_date,
    PROD_SRVC_ID as ndc_code,
    QTY_DSPNSD_NUM as quantity,
    DAYS_SUPLY_NUM as days_supply,
    PTNT_PAY_AMT as copayment_amount,
    TOT_RX_CST_AMT as allowed_amount
from input;
