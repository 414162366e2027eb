-- One row for each fill that counts, as dispensed and as counted, with its claim, file, line and load; patients in the order of explain_patients.
-- $measure varchar: the measure's id
-- $year integer: measurement year
-- $population population: filters
-- $patients integer optional: the fills of so many patients; of all when left out
with chosen as (
    select patient_id, pid
    from population($measure, $year, $population)
    where in_denominator
    order by pid
    limit $patients
)

select
    c.pid,
    s.dispensed_on,
    s.ingredient,
    s.days_supply,
    s.counted_from,
    s.counted_to,
    s.claim_id,
    s.source_file,
    s.source_line,
    s.load_id
from supply as s
inner join chosen as c on c.patient_id = s.patient_id
where s.measure = $measure and s.year = $year
order by c.pid, s.dispensed_on, s.claim_id, s.ingredient
