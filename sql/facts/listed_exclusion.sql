-- One row for each patient, list of problems and reason for which a diagnosis of the as-of day's year keeps the patient off it.
with diagnosis as (
    select final_medical_line.patient_no, unnest(final_medical_line.diagnosis_codes) as code
    from final_medical_line
    inner join run on year(run.as_of) between year(final_medical_line.starts_on) and year(final_medical_line.ends_on)
),

code as (
    select distinct code from diagnosis
),

known as (
    select code.code, listed.list, listed.reason
    from code
    inner join problem_exclusion as listed
        on (listed.match = 'exact' and code.code = listed.code) or (listed.match = 'prefix' and starts_with(code.code, listed.code))
)

select distinct diagnosis.patient_no, known.list, known.reason
from diagnosis
inner join known on diagnosis.code = known.code
