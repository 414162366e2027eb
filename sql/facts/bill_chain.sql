-- One row for each final inpatient claim and the chain it belongs to: claims of one patient in one facility and unit that are one time in its beds.
-- A claim goes on with what came before when it begins no later than the day the earlier ones reach, or the day after when the patient was still there
-- (discharge status 30). Discharged and back the next day is another stay (the rules of The Tuva Project's encounter grouper; the same facility on the
-- same day is one stay).
with reached as (
    select
        *,
        max(struct_pack(to_on := to_on, is_open := is_open)) over (
            partition by patient_no, place, setting, unit
            order by from_on, to_on, data_source, claim_id
            rows between unbounded preceding and 1 preceding
        ) as before
    from hospital_bill
),

numbered as (
    select
        *,
        count(*) filter (
            where before is null or from_on > before.to_on + case when before.is_open then 1 else 0 end
        ) over (
            partition by patient_no, place, setting, unit
            order by from_on, to_on, data_source, claim_id
            rows between unbounded preceding and current row
        ) as turn
    from reached
)

select
    patient_no,
    data_source,
    claim_id,
    dense_rank() over (order by patient_no, place, setting, unit, turn)::integer as chain_no,
    from_on,
    to_on
from numbered
order by patient_no, from_on
