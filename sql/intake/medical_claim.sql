-- What was done in hospitals and practices: one row for each line of a medical claim.
-- Kind: events
-- Key: claim_id, claim_line_number
-- Day: claim_start_date
-- Who: person_id
create table medical_claim (
    claim_id varchar not null, -- the claim; without it: a claim cannot be told from its correction
    claim_line_number integer default 1, -- the line of the claim
    claim_type varchar, -- one of: institutional, professional
    person_id varchar not null, -- the person; also: patient_id; without it: no claim can be given to a person
    member_id varchar, -- the plan's own number for the person
    payer varchar, -- who pays
    plan varchar, -- the plan
    claim_start_date date not null, -- first day of service; without it: no stay or visit has a day
    claim_end_date date, -- last day of service
    claim_line_start_date date, -- first day of the line
    claim_line_end_date date, -- last day of the line
    admission_date date, -- day of admission
    discharge_date date, -- day of discharge
    admit_source_code varchar, -- point of origin, UB-04
    admit_type_code varchar, -- type of admission, UB-04
    discharge_disposition_code varchar, -- where the patient went, UB-04
    place_of_service_code varchar, -- place of service, CMS
    bill_type_code varchar, -- type of bill, UB-04; kept: without a leading zero
    drg_code_type varchar, -- ms-drg or apr-drg
    drg_code varchar, -- diagnosis related group; also: ms_drg_code; kept: three digits
    revenue_center_code varchar, -- revenue centre, UB-04; kept: four digits
    service_unit_quantity decimal(18, 4), -- units
    hcpcs_code varchar, -- HCPCS or CPT code; kept: without dots
    hcpcs_modifier_1 varchar, -- modifier 1
    hcpcs_modifier_2 varchar, -- modifier 2
    hcpcs_modifier_3 varchar, -- modifier 3
    hcpcs_modifier_4 varchar, -- modifier 4
    hcpcs_modifier_5 varchar, -- modifier 5
    rendering_npi varchar, -- who did it; also: rendering_provider_npi, rendering_provider_id, rendering_id
    billing_npi varchar, -- who billed; also: billing_provider_npi, billing_provider_id, billing_id
    facility_npi varchar, -- the facility; also: facility_provider_npi, facility_provider_id, facility_id
    paid_date date, -- day the claim was paid
    paid_amount decimal(18, 4), -- paid by the plan
    allowed_amount decimal(18, 4), -- allowed
    charge_amount decimal(18, 4), -- charged
    diagnosis_code_type varchar, -- icd-10-cm or icd-9-cm
    diagnosis_code_1 varchar, -- diagnosis 1, the principal one; kept: without dots
    diagnosis_code_2 varchar, -- diagnosis 2; kept: without dots
    diagnosis_code_3 varchar, -- diagnosis 3; kept: without dots
    diagnosis_code_4 varchar, -- diagnosis 4; kept: without dots
    diagnosis_code_5 varchar, -- diagnosis 5; kept: without dots
    diagnosis_code_6 varchar, -- diagnosis 6; kept: without dots
    diagnosis_code_7 varchar, -- diagnosis 7; kept: without dots
    diagnosis_code_8 varchar, -- diagnosis 8; kept: without dots
    diagnosis_code_9 varchar, -- diagnosis 9; kept: without dots
    diagnosis_code_10 varchar, -- diagnosis 10; kept: without dots
    diagnosis_code_11 varchar, -- diagnosis 11; kept: without dots
    diagnosis_code_12 varchar, -- diagnosis 12; kept: without dots
    diagnosis_code_13 varchar, -- diagnosis 13; kept: without dots
    diagnosis_code_14 varchar, -- diagnosis 14; kept: without dots
    diagnosis_code_15 varchar, -- diagnosis 15; kept: without dots
    diagnosis_code_16 varchar, -- diagnosis 16; kept: without dots
    diagnosis_code_17 varchar, -- diagnosis 17; kept: without dots
    diagnosis_code_18 varchar, -- diagnosis 18; kept: without dots
    diagnosis_code_19 varchar, -- diagnosis 19; kept: without dots
    diagnosis_code_20 varchar, -- diagnosis 20; kept: without dots
    diagnosis_code_21 varchar, -- diagnosis 21; kept: without dots
    diagnosis_code_22 varchar, -- diagnosis 22; kept: without dots
    diagnosis_code_23 varchar, -- diagnosis 23; kept: without dots
    diagnosis_code_24 varchar, -- diagnosis 24; kept: without dots
    diagnosis_code_25 varchar, -- diagnosis 25; kept: without dots
    diagnosis_poa_1 varchar, -- present on admission, diagnosis 1
    diagnosis_poa_2 varchar, -- present on admission, diagnosis 2
    diagnosis_poa_3 varchar, -- present on admission, diagnosis 3
    diagnosis_poa_4 varchar, -- present on admission, diagnosis 4
    diagnosis_poa_5 varchar, -- present on admission, diagnosis 5
    diagnosis_poa_6 varchar, -- present on admission, diagnosis 6
    diagnosis_poa_7 varchar, -- present on admission, diagnosis 7
    diagnosis_poa_8 varchar, -- present on admission, diagnosis 8
    diagnosis_poa_9 varchar, -- present on admission, diagnosis 9
    diagnosis_poa_10 varchar, -- present on admission, diagnosis 10
    diagnosis_poa_11 varchar, -- present on admission, diagnosis 11
    diagnosis_poa_12 varchar, -- present on admission, diagnosis 12
    diagnosis_poa_13 varchar, -- present on admission, diagnosis 13
    diagnosis_poa_14 varchar, -- present on admission, diagnosis 14
    diagnosis_poa_15 varchar, -- present on admission, diagnosis 15
    diagnosis_poa_16 varchar, -- present on admission, diagnosis 16
    diagnosis_poa_17 varchar, -- present on admission, diagnosis 17
    diagnosis_poa_18 varchar, -- present on admission, diagnosis 18
    diagnosis_poa_19 varchar, -- present on admission, diagnosis 19
    diagnosis_poa_20 varchar, -- present on admission, diagnosis 20
    diagnosis_poa_21 varchar, -- present on admission, diagnosis 21
    diagnosis_poa_22 varchar, -- present on admission, diagnosis 22
    diagnosis_poa_23 varchar, -- present on admission, diagnosis 23
    diagnosis_poa_24 varchar, -- present on admission, diagnosis 24
    diagnosis_poa_25 varchar, -- present on admission, diagnosis 25
    procedure_code_type varchar, -- icd-10-pcs or icd-9-pcs
    procedure_code_1 varchar, -- procedure 1; kept: without dots
    procedure_code_2 varchar, -- procedure 2; kept: without dots
    procedure_code_3 varchar, -- procedure 3; kept: without dots
    procedure_code_4 varchar, -- procedure 4; kept: without dots
    procedure_code_5 varchar, -- procedure 5; kept: without dots
    procedure_code_6 varchar, -- procedure 6; kept: without dots
    procedure_code_7 varchar, -- procedure 7; kept: without dots
    procedure_code_8 varchar, -- procedure 8; kept: without dots
    procedure_code_9 varchar, -- procedure 9; kept: without dots
    procedure_code_10 varchar, -- procedure 10; kept: without dots
    procedure_code_11 varchar, -- procedure 11; kept: without dots
    procedure_code_12 varchar, -- procedure 12; kept: without dots
    procedure_code_13 varchar, -- procedure 13; kept: without dots
    procedure_code_14 varchar, -- procedure 14; kept: without dots
    procedure_code_15 varchar, -- procedure 15; kept: without dots
    procedure_code_16 varchar, -- procedure 16; kept: without dots
    procedure_code_17 varchar, -- procedure 17; kept: without dots
    procedure_code_18 varchar, -- procedure 18; kept: without dots
    procedure_code_19 varchar, -- procedure 19; kept: without dots
    procedure_code_20 varchar, -- procedure 20; kept: without dots
    procedure_code_21 varchar, -- procedure 21; kept: without dots
    procedure_code_22 varchar, -- procedure 22; kept: without dots
    procedure_code_23 varchar, -- procedure 23; kept: without dots
    procedure_code_24 varchar, -- procedure 24; kept: without dots
    procedure_code_25 varchar, -- procedure 25; kept: without dots
    procedure_date_1 date, -- day of procedure 1
    procedure_date_2 date, -- day of procedure 2
    procedure_date_3 date, -- day of procedure 3
    procedure_date_4 date, -- day of procedure 4
    procedure_date_5 date, -- day of procedure 5
    procedure_date_6 date, -- day of procedure 6
    procedure_date_7 date, -- day of procedure 7
    procedure_date_8 date, -- day of procedure 8
    procedure_date_9 date, -- day of procedure 9
    procedure_date_10 date, -- day of procedure 10
    procedure_date_11 date, -- day of procedure 11
    procedure_date_12 date, -- day of procedure 12
    procedure_date_13 date, -- day of procedure 13
    procedure_date_14 date, -- day of procedure 14
    procedure_date_15 date, -- day of procedure 15
    procedure_date_16 date, -- day of procedure 16
    procedure_date_17 date, -- day of procedure 17
    procedure_date_18 date, -- day of procedure 18
    procedure_date_19 date, -- day of procedure 19
    procedure_date_20 date, -- day of procedure 20
    procedure_date_21 date, -- day of procedure 21
    procedure_date_22 date, -- day of procedure 22
    procedure_date_23 date, -- day of procedure 23
    procedure_date_24 date, -- day of procedure 24
    procedure_date_25 date, -- day of procedure 25
    data_source varchar, -- who sent it; the folder or --source when the file does not say
    claim_status varchar default 'paid' constraint unknown_status check (claim_status in ('paid', 'reversed', 'adjusted', 'denied')), -- paid, reversed, adjusted or denied; paid when absent
    original_claim_id varchar, -- the claim that this one reverses, adjusts, replaces or voids
    received_date date, -- day this version was received: the latest is current
    constraint end_before_start check (claim_end_date >= claim_start_date), -- claim_end_date is not before claim_start_date
    constraint end_before_start check (claim_line_end_date >= claim_line_start_date), -- claim_line_end_date is not before claim_line_start_date
    constraint end_before_start check (discharge_date >= admission_date) -- discharge_date is not before admission_date
);
