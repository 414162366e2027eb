-- One row for each patient whose ZIP code on the roster has a Rural-Urban Commuting Area code: its area, by the whole number of the code (USDA Economic Research
-- Service): metropolitan (1 to 3), micropolitan (4 to 6), small town (7 to 9) or rural (10).
with code as (
    select zip_code, min(ruca) as ruca
    from rural_zip
    where ruca < 11
    group by zip_code
)

select
    patient.patient_no,
    case when code.ruca < 4 then 'metropolitan' when code.ruca < 7 then 'micropolitan' when code.ruca < 10 then 'small town' else 'rural' end as area
from patient
inner join code on zip5(patient.zip_code) = code.zip_code
order by patient.patient_no
