-- Who was covered, from when to when, and under which plan: one row for each span of a person.
-- Kind: roster
-- Who: person_id
create table eligibility (
    person_id varchar not null, -- the person, as every other table names them; also: patient_id; without it: nobody can be followed
    member_id varchar, -- the plan's own number for the person
    gender varchar, -- one of: male, female, unknown, other; read: m as male, f as female, u as unknown
    race varchar, -- as sent
    birth_date date not null, -- day of birth; without it: nobody can be shown to be 18 or over
    death_date date, -- day of death
    enrollment_start_date date not null, -- first covered day; without it: nobody is enrolled and no measure has a denominator
    enrollment_end_date date not null, -- last covered day (inclusive); without it: nobody is enrolled and no measure has a denominator
    payer varchar, -- who pays
    payer_type varchar, -- medicare, medicaid, commercial, ...
    plan varchar, -- the plan
    original_reason_entitlement_code varchar, -- why Medicare began: 0 age, 1 disability, 2 ESRD, 3 both
    dual_status_code varchar, -- Medicare and Medicaid together, CMS code
    medicare_status_code varchar, -- CMS code: 10 aged, 11 aged with ESRD, 20 disabled, 21 disabled with ESRD, 31 ESRD only
    first_name varchar, -- given name
    last_name varchar, -- family name
    address varchar, -- street and number
    city varchar, -- city
    state varchar, -- state
    zip_code varchar, -- ZIP, as text
    phone varchar, -- phone
    data_source varchar, -- who sent it; the folder or --source when the file does not say
    middle_name varchar, -- middle name
    mbi varchar, -- Medicare beneficiary identifier
    contract_id varchar, -- the plan's CMS contract
    low_income_subsidy varchar, -- low-income subsidy, as sent
    medical_coverage boolean, -- hospital and medical claims of this span are seen; yes when absent
    pharmacy_coverage boolean, -- drug claims of this span are seen; yes when absent
    hospice_start_date date, -- first day in hospice
    hospice_end_date date, -- last day in hospice
    long_term_institutional boolean, -- lives in an institution
    language varchar, -- preferred language
    pcp_npi varchar, -- primary care prescriber
    constraint end_before_start check (enrollment_end_date >= enrollment_start_date), -- enrollment_end_date is not before enrollment_start_date
    constraint end_before_start check (death_date >= birth_date), -- death_date is not before birth_date
    constraint end_before_start check (hospice_end_date >= hospice_start_date) -- hospice_end_date is not before hospice_start_date
);
