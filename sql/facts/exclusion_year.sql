-- One row for each patient and year with hospice care or end-stage renal disease, from rosters and final medical claims.
-- Hospice: the roster's dates, bill types 81x and 82x, or a hospice code. ESRD: the published diagnosis set in any position, dialysis claims, or
-- a roster status that says ESRD (11, 21, 31). Codes: data/reference/value_set.csv.
with
roster_hospice as (
    select
        person.patient_no,
        coalesce(eligibility.hospice_start_date, eligibility.enrollment_start_date) as from_on,
        coalesce(eligibility.hospice_end_date, patient.death_date, (select as_of from run)) as to_on,
        'hospice' as reason
    from eligibility
    inner join person on eligibility.person_id = person.patient_id
    inner join patient on person.patient_no = patient.patient_no
    where eligibility.hospice_start_date is not null or eligibility.hospice_end_date is not null
),

roster_esrd as (
    select patient_no, from_on, to_on, 'esrd' as reason
    from roster_span
    where medicare_status_code in ('11', '21', '31')
),

line_code as (
    select patient_no, starts_on, ends_on, 'icd' as code_system, unnest(diagnosis_codes) as code
    from final_medical_line
    union all
    select patient_no, starts_on, ends_on, 'hcpcs', hcpcs_code
    from final_medical_line
    where hcpcs_code is not null
    union all
    select patient_no, starts_on, ends_on, 'revenue', lpad(revenue_center_code, 4, '0')
    from final_medical_line
    where revenue_center_code is not null
    union all
    select patient_no, starts_on, ends_on, 'bill_type', bill_type
    from final_medical_line
    where bill_type is not null
),

code as (
    select distinct code_system, code from line_code
),

set_code as (
    select
        case when "set" = 'hospice' then 'hospice' else 'esrd' end as reason,
        case when code_system like 'icd%' then 'icd' else code_system end as code_system,
        code,
        match
    from value_set
    where "set" in ('hospice', 'esrd', 'dialysis')
),

known as (
    select distinct code.code_system, code.code, set_code.reason
    from code
    inner join set_code
        on code.code_system = set_code.code_system
        and (code.code = set_code.code or (set_code.match = 'prefix' and starts_with(code.code, set_code.code)))
),

found as (
    select line_code.patient_no, line_code.starts_on as from_on, line_code.ends_on as to_on, known.reason
    from line_code
    inner join known on line_code.code_system = known.code_system and line_code.code = known.code
    union all
    select patient_no, from_on, to_on, reason
    from roster_hospice
    union all
    select patient_no, from_on, to_on, reason
    from roster_esrd
),

by_year as (
    select distinct
        patient_no,
        unnest(range(greatest(year(from_on), 1990), least(year(to_on), year((select as_of from run))) + 1))::integer as year,
        reason
    from found
)

select
    patient_no,
    year,
    bool_or(reason = 'hospice') as has_hospice,
    bool_or(reason = 'esrd') as has_esrd
from by_year
group by patient_no, year
order by patient_no, year
