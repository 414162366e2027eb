-- One row for each span of coverage that a person's yearly summary of CMS DE-SynPUF tells of: one where drug and hospital coverage last
-- equally long, two where one lasts longer, none where there is neither.
-- File: DE1_0_YEAR_Beneficiary_Summary_File_Sample_N.csv (the year stands in the name), or bene.csv with BENE_YEAR
-- Makes: eligibility
-- Needs: BENE_BIRTH_DT, PLAN_CVRG_MOS_NUM
-- Reads: BENE_YEAR, DESYNPUF_ID, BENE_BIRTH_DT, BENE_DEATH_DT, BENE_SEX_IDENT_CD, BENE_RACE_CD, BENE_ESRD_IND, SP_STATE_CODE,
--   BENE_HI_CVRAGE_TOT_MONS, PLAN_CVRG_MOS_NUM
-- Limits: SynPUF counts months of coverage and does not say which: they are taken to run from 1 January. Hospital coverage is Part A's.
--   Months in an HMO have no claims and are not told apart. The state is SSA's number for it.
with summary as (
    select
        *,
        coalesce(try_cast(BENE_YEAR as integer), try_cast(regexp_extract(input_file, '(20[0-9]{2})', 1) as integer)) as year,
        coalesce(try_cast(PLAN_CVRG_MOS_NUM as integer), 0) as drug_months,
        coalesce(try_cast(BENE_HI_CVRAGE_TOT_MONS as integer), 0) as hospital_months
    from input
),
span as (
    select *, 0 as months_before, least(drug_months, hospital_months) as months_to, true as has_drugs, true as has_hospital
    from summary
    union all
    select
        *,
        least(drug_months, hospital_months) as months_before,
        greatest(drug_months, hospital_months) as months_to,
        drug_months > hospital_months as has_drugs,
        hospital_months > drug_months as has_hospital
    from summary
)
select
    input_row,
    DESYNPUF_ID as person_id,
    iso_day(BENE_BIRTH_DT) as birth_date,
    iso_day(BENE_DEATH_DT) as death_date,
    case BENE_SEX_IDENT_CD when '1' then 'male' when '2' then 'female' end as gender,
    case BENE_RACE_CD when '1' then 'white' when '2' then 'black' when '3' then 'other' when '5' then 'hispanic' end as race,
    make_date(year, 1 + months_before, 1) as enrollment_start_date,
    last_day(make_date(year, months_to, 1)) as enrollment_end_date,
    has_hospital as medical_coverage,
    has_drugs as pharmacy_coverage,
    case when BENE_ESRD_IND = 'Y' then '11' end as medicare_status_code,
    'medicare' as payer,
    'medicare' as payer_type,
    SP_STATE_CODE as state
from span
where months_to > months_before;
