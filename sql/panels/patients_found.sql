-- One row for the whole table of patients to review: how many rows and people it has, whatever the page.
-- $measure varchar optional: the measure's id
-- $list varchar optional: the review list's id
-- $year integer: measurement year
-- $population population: filters
-- $phone boolean optional: only those with a phone number, or only those without
with listed as (
    select patient_no, measure, list
    from review_list
    where list = $list
),

chosen as (
    select population.patient_no, population.phone, patient.do_not_contact
    from population($measure, $year, $population) as population
    inner join patient on population.patient_no = patient.patient_no
    left join listed on population.patient_no = listed.patient_no and population.measure = listed.measure
    where ($list is null or listed.list is not null)
        and ($phone is null or $phone = (population.phone is not null))
        and (
            $measure is not null
            or $list is not null
            or ends_with(population.measure, '_pharmacy_view') = not patient.on_roster
        )
)

select
    count(distinct patient_no) as patients,
    case when $measure is null and $list is null then count(distinct patient_no) else count(*) end as rows,
    count(distinct patient_no) filter (where phone is null) as without_phone,
    count(distinct patient_no) filter (where do_not_contact) as not_to_contact
from chosen
