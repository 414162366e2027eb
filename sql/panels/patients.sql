-- One row for each patient to review: of a list, of a measure, or, with neither, each patient's most pressing measure.
-- $measure varchar optional: the measure's id
-- $list varchar optional: the review list's id
-- $year integer: measurement year
-- $population population: filters
-- $phone boolean optional: only those with a phone number, or only those without
-- $sort varchar: priority, patient, age, plan, pharmacy, prescriber, drug, filled, runs_out, late, pdc, missed, adr, lid, best or status
-- $descending boolean: the other way round; what is not computable stays last
-- $first integer: rows before the page
-- $rows integer optional: rows of the page; all of them when left out
with listed as (
    select patient_no, measure, list, priority, reason, evidence, due_on, since_on
    from review_list
    where list = $list
),

chosen as (
    select
        population.*,
        patient.first_name,
        patient.last_name,
        patient.best_time,
        patient.do_not_contact,
        patient.on_roster,
        listed.list,
        listed.priority,
        listed.reason,
        listed.evidence,
        listed.due_on,
        listed.since_on,
        case population.status
            when 'last_chance' then 1
            when 'overdue' then 2
            when 'due_soon' then 3
            when 'on_track' then 4
            when 'not_yet_in_measure' then 5
            when 'secured' then 6
            when 'lost' then 7
            else 8
        end as urgency
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
),

one_each as (
    select *
    from chosen
    qualify $measure is not null
        or $list is not null
        or row_number() over (
            partition by patient_no order by urgency, last_impactable_on nulls last, days_late desc, measure
        ) = 1
),

sortable as (
    select
        one_each.*,
        pharmacy.name as pharmacy_name,
        pharmacy.store_number,
        prescriber.name as prescriber_name,
        prescriber.phone as prescriber_phone,
        prescriber.fax as prescriber_fax,
        case $sort
            when 'priority' then coalesce(priority, urgency * 100000 + coalesce(last_impactable_on - date '1970-01-01', 99999))
            when 'age' then age
            when 'filled' then last_fill_on - date '1970-01-01'
            when 'runs_out' then runs_out_on - date '1970-01-01'
            when 'late' then days_late
            when 'pdc' then pdc
            when 'missed' then missed_days
            when 'adr' then allowable_days_remaining
            when 'lid' then last_impactable_on - date '1970-01-01'
            when 'best' then best_possible_pdc
            when 'status' then urgency
        end::double as sort_number,
        case $sort
            when 'patient' then pid
            when 'plan' then one_each.plan
            when 'pharmacy' then coalesce(pharmacy.name, one_each.pharmacy_npi)
            when 'prescriber' then coalesce(prescriber.name, one_each.prescriber_npi)
            when 'drug' then last_ingredient
        end as sort_text
    from one_each
    left join dispensing_pharmacy as pharmacy on one_each.pharmacy_npi = pharmacy.npi
    left join prescriber on one_each.prescriber_npi = prescriber.npi
),

page as (
    select
        *,
        row_number() over (
            order by
                case when $descending then -sort_number else sort_number end nulls last,
                case when not $descending then sort_text end nulls last,
                case when $descending then sort_text end desc nulls last,
                urgency,
                last_impactable_on nulls last,
                patient_no,
                measure
        ) as place
    from sortable
    qualify place > $first and ($rows is null or place <= $first + $rows)
),

other_measure as (
    select
        fact.patient_no,
        list(struct_pack(measure := fact.measure, status := fact.status) order by fact.measure) as measures
    from adherence_fact as fact
    inner join (select distinct patient_no, on_roster from page) as shown on fact.patient_no = shown.patient_no
    where fact.year = $year and ends_with(fact.measure, '_pharmacy_view') = not shown.on_roster
    group by fact.patient_no
)

select
    page.place,
    page.pid,
    page.patient_id,
    page.first_name,
    page.last_name,
    page.birth_date,
    page.age,
    page.gender,
    page.plan,
    page.phone,
    page.best_time,
    page.language,
    page.do_not_contact,
    page.pharmacy_npi,
    page.pharmacy_name,
    page.store_number,
    page.pharmacy_fills,
    page.counted_fills,
    page.prescriber_npi,
    page.prescriber_name,
    page.prescriber_phone,
    page.prescriber_fax,
    page.measure,
    page.status,
    page.excluded_because,
    page.in_denominator,
    page.last_ingredient,
    page.last_days_supply,
    page.last_refills_remaining,
    page.last_fill_on,
    page.runs_out_on,
    page.days_late,
    page.covered_days,
    page.elapsed_days,
    page.pdc,
    page.missed_days,
    page.allowable_days_remaining,
    page.last_impactable_on,
    page.best_possible_pdc,
    page.list,
    page.priority,
    page.reason,
    page.evidence,
    page.due_on,
    page.since_on,
    other_measure.measures
from page
left join other_measure on page.patient_no = other_measure.patient_no
order by page.place
