-- One row for the whole table of patients to review: how many rows and people it has, whatever the page.
-- Rows: counts
-- Cells: beside its rows; patients = without_phone + ~with_phone; patients = not_to_contact + ~to_contact; patients, rows stand alone
-- $measure varchar optional: the measure's id
-- $list varchar optional: the review list's id
-- $year integer: measurement year
-- $population population: filters
-- $phone boolean optional: only those with a phone number, or only those without
with listed as (
    select patient_no, measure
    from list_row
    where list = $list
),

kept as (
    select patient_no, measure, phone, do_not_contact
    from population($measure, $year, $population)
    where ($phone is null or $phone = (phone is not null))
        and (
            $measure is not null
            or $list is not null
            or ends_with(measure, '_pharmacy_view') = not on_roster
        )
),

chosen as (
    select * from kept where $list is null
    union all
    select kept.* from kept semi join listed on kept.patient_no = listed.patient_no and kept.measure = listed.measure
),

person as (
    select
        patient_no,
        count(*) as rows,
        bool_or(phone is not null) as has_phone,
        bool_or(do_not_contact) as do_not_contact
    from chosen
    group by patient_no
)

select
    count(*) as patients,
    case when $measure is null and $list is null then count(*) else coalesce(sum(rows), 0)::bigint end as rows,
    count(*) filter (where not has_phone) as without_phone,
    count(*) filter (where do_not_contact) as not_to_contact
from person
