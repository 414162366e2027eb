-- One row for each patient to review: of a list, of a measure, or, with neither, each patient's most pressing measure.
-- Rows: patients
-- $measure varchar optional: the measure's id
-- $list varchar optional: the review list's id
-- $year integer: measurement year
-- $population population: filters
-- $phone boolean optional: only those with a phone number, or only those without
-- $sort varchar: priority, patient, age, plan, pharmacy, prescriber, drug, filled, runs_out, late, pdc, missed, adr, lid, best or status
-- $descending boolean: the other way round; what is not computable stays last
-- $days boolean: filled in from the asker's level, true where days are shown; else the order of rows tells nothing that is not shown
-- $first integer: rows before the page
-- $rows integer optional: rows of the page; all of them when left out
with listed as (
    select patient_no, measure, priority
    from list_row
    where list = $list
),

-- Attributes of the patient, where the question needs them.
known as (
    select patient_no, pid, age, phone is not null as has_phone, on_roster
    from patient
    where not $days or $phone is not null or $sort in ('patient', 'age') or ($measure is null and $list is null)
),

kept as (
    select
        found.patient_no,
        found.measure,
        found.urgency,
        case when $days then found.last_impactable_on end as last_impactable_on,
        case when $days then found.days_late end as days_late,
        case when not $days then known.pid end as blind,
        case
            when $days or $sort in ('age', 'pdc', 'best') then
                case $sort
                    when 'age' then case when $days then known.age else (known.age >= 18)::integer + (known.age >= 45)::integer + (known.age >= 65)::integer + (known.age >= 75)::integer + (known.age >= 85)::integer + (known.age >= 90)::integer end
                    when 'filled' then epoch(found.last_fill_on)
                    when 'runs_out' then epoch(found.runs_out_on)
                    when 'late' then found.days_late
                    when 'pdc' then case when $days then found.pdc else floor(found.pdc * 20 + 1e-9) end
                    when 'missed' then found.missed_days
                    when 'adr' then found.allowable_days_remaining
                    when 'lid' then epoch(found.last_impactable_on)
                    when 'best' then case when $days then found.best_possible_pdc else floor(found.best_possible_pdc * 20 + 1e-9) end
                end
        end::double as asked_number,
        case $sort
            when 'patient' then known.pid
            when 'plan' then found.plan
            when 'pharmacy' then found.pharmacy_npi
            when 'prescriber' then found.prescriber_npi
            when 'drug' then found.last_ingredient
        end as asked_text,
        listed.priority
    from population($measure, $year, $population) as found
    left join known on found.patient_no = known.patient_no
    left join listed on found.patient_no = listed.patient_no and found.measure = listed.measure
    where ($phone is null or $phone = known.has_phone)
        and ($list is null or listed.patient_no is not null)
        and (
            $measure is not null
            or $list is not null
            or ends_with(found.measure, '_pharmacy_view') = not known.on_roster
        )
),

-- The most pressing measure of each patient, where neither a measure nor a list is asked.
pressing as (
    select
        patient_no,
        min(struct_pack(
            urgency := urgency,
            useful_until := coalesce(last_impactable_on, date '9999-12-31'),
            not_late := -days_late,
            measure := measure
        )).measure as measure
    from kept
    where $list is null and $measure is null
    group by patient_no
),

chosen as (
    select kept.*
    from kept
    left join pressing on kept.patient_no = pressing.patient_no and kept.measure = pressing.measure
    where $list is not null or $measure is not null or pressing.measure is not null
),

sortable as (
    select
        chosen.patient_no,
        chosen.measure,
        chosen.urgency,
        chosen.last_impactable_on,
        chosen.blind,
        case $sort
            when 'priority' then coalesce(case when $days then chosen.priority end, chosen.urgency)
            when 'status' then chosen.urgency
            else chosen.asked_number
        end::double as sort_number,
        coalesce(pharmacy.name, prescriber.name, chosen.asked_text) as sort_text
    from chosen
    left join dispensing_pharmacy as pharmacy on $sort = 'pharmacy' and chosen.asked_text = pharmacy.npi
    left join prescriber on $sort = 'prescriber' and chosen.asked_text = prescriber.npi
),

-- The page is cut before its rows are numbered: a numbering of all rows would sort them all.
page_row as (
    select *
    from sortable
    order by
        case when $descending then -sort_number else sort_number end nulls last,
        case when not $descending then sort_text end nulls last,
        case when $descending then sort_text end desc nulls last,
        urgency,
        last_impactable_on nulls last,
        blind,
        patient_no,
        measure
    limit $rows offset $first
),

page as (
    select
        patient_no,
        measure,
        $first + row_number() over (
            order by
                case when $descending then -sort_number else sort_number end nulls last,
                case when not $descending then sort_text end nulls last,
                case when $descending then sort_text end desc nulls last,
                urgency,
                last_impactable_on nulls last,
                blind,
                patient_no,
                measure
        ) as place
    from page_row
),

shown as (
    select page.place, page.measure, patient.*
    from page
    inner join patient on page.patient_no = patient.patient_no
),

other_measure as (
    select
        shown.place,
        list(struct_pack(measure := fact.measure, status := fact.status) order by fact.measure) as measures
    from shown
    inner join adherence_fact as fact
        on shown.patient_no = fact.patient_no and shown.on_roster <> ends_with(fact.measure, '_pharmacy_view')
    where fact.year = $year
    group by shown.place
)

select
    shown.place,
    shown.pid,
    shown.patient_id,
    shown.first_name,
    shown.last_name,
    shown.birth_date,
    shown.age,
    shown.gender,
    fact.plan,
    shown.phone,
    shown.phone is not null as has_phone,
    shown.best_time,
    shown.language,
    shown.do_not_contact,
    fact.pharmacy_npi,
    pharmacy.name as pharmacy_name,
    pharmacy.store_number,
    fact.pharmacy_fills,
    fact.counted_fills,
    fact.prescriber_npi,
    prescriber.name as prescriber_name,
    prescriber.phone as prescriber_phone,
    prescriber.fax as prescriber_fax,
    shown.measure,
    fact.status,
    fact.excluded_because,
    fact.in_denominator,
    fact.last_ingredient,
    fact.last_days_supply,
    fact.last_refills_remaining,
    fact.last_fill_on,
    fact.runs_out_on,
    fact.days_late,
    fact.covered_days,
    fact.elapsed_days,
    fact.pdc,
    fact.missed_days,
    fact.allowable_days_remaining,
    fact.last_impactable_on,
    fact.best_possible_pdc,
    listed.list,
    listed.priority,
    listed.reason,
    listed.evidence,
    listed.due_on,
    listed.since_on,
    other_measure.measures
from shown
inner join adherence_fact as fact
    on shown.patient_no = fact.patient_no and shown.measure = fact.measure and fact.year = $year
left join list_row as listed
    on shown.patient_no = listed.patient_no and shown.measure = listed.measure and listed.list = $list
left join other_measure on shown.place = other_measure.place
left join dispensing_pharmacy as pharmacy on fact.pharmacy_npi = pharmacy.npi
left join prescriber on fact.prescriber_npi = prescriber.npi
order by shown.place
