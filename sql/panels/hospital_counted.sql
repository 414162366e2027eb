-- One row for each stay, visit or observation that a hospital rate counts above the line, of one calendar month or year: whose, when, what for.
-- What counts discharges by the day of discharge, with what was not on hand and the stay or visit that followed; all others by the day they began.
-- Rows: patients
-- $measure varchar: the measure's id
-- $from_on date optional: first day
-- $to_on date optional: last day
-- $plan varchar optional: the plan of the month
-- $days boolean: filled in from the asker's level, true where days are shown; else neither order nor filter tells days
-- $first integer: rows before the page
-- $rows integer optional: rows of the page; all of them when left out
with harmed as (
    select stay_no, visit_no, tier, codes
    from drug_event
    where tier = replace($measure, 'drug_harm_', '')
),

after_gap as (
    select
        stay_no,
        visit_no,
        array_to_string(list_transform(gaps, lambda gap: gap.medicine || ' out since ' || strftime(gap.supply_to, '%-d %b %Y')), '; ') as evidence
    from event_after_gap
    where $measure = 'hospital_after_gap'
),

found as (
    select stay.patient_no, stay.stay_id as stay_id, stay.admitted_on as on_day, stay.admitted_on, stay.discharged_on, stay.kind, stay.principal_diagnosis, stay.facility_npi,
        case
            when $measure = 'hospital_bed_days' then stay.bed_days || ' bed days'
            when avoidable.stay_no is not null and starts_with($measure, 'avoidable') then 'PQI ' || avoidable.pqi
            when harmed.stay_no is not null then array_to_string(harmed.codes, ' ')
            when after_gap.stay_no is not null then after_gap.evidence
        end as evidence
    from stay_fact as stay
    left join avoidable_stay as avoidable on stay.stay_no = avoidable.stay_no
    left join harmed on stay.stay_no = harmed.stay_no
    left join after_gap on stay.stay_no = after_gap.stay_no
    where stay.kind = 'acute'
        and case
            when $measure in ('hospital_admissions', 'length_of_stay') then stay.is_admission
            when $measure = 'hospital_bed_days' then stay.bed_days > 0
            when $measure = 'avoidable_admissions' then avoidable.stay_no is not null
            when $measure = 'avoidable_admissions_medicine' then avoidable.is_medication_sensitive
            when starts_with($measure, 'drug_harm_') then harmed.stay_no is not null
            when $measure = 'hospital_after_gap' then after_gap.stay_no is not null
            else false
        end
    union all
    select visit.patient_no, visit.visit_id, visit.visited_on, visit.visited_on, visit.ended_on, 'emergency visit', visit.principal_diagnosis, visit.facility_npi,
        coalesce(array_to_string(harmed.codes, ' '), after_gap.evidence)
    from ed_visit_fact as visit
    left join harmed on visit.visit_no = harmed.visit_no
    left join after_gap on visit.visit_no = after_gap.visit_no
    where visit.stay_no is null
        and ($measure = 'emergency_visits' or (starts_with($measure, 'drug_harm_') and harmed.visit_no is not null) or after_gap.visit_no is not null)
    union all
    select patient_no, claim_ids[1], from_on, from_on, to_on, 'observation', null, null, null
    from observation_fact
    where stay_no is null and $measure = 'observation_stays'
    union all
    select stay.patient_no, stay.stay_id, stay.discharged_on, stay.admitted_on, stay.discharged_on, stay.kind, stay.principal_diagnosis, stay.facility_npi,
        concat_ws(
            '; ',
            'without ' || array_to_string(list_transform(result.not_on_hand, lambda each: replace(regexp_replace(each, '^class_', ''), '_', ' ')), ', '),
            'back ' || strftime(again.admitted_on, '%-d %b %Y') || coalesce(' for ' || again.principal_diagnosis, ''),
            'emergency visit ' || strftime(visit.visited_on, '%-d %b %Y') || coalesce(' for ' || visit.principal_diagnosis, '')
        )
    from discharge_result as result
    inner join stay_fact as stay on result.stay_no = stay.stay_no
    left join stay_fact as again on result.again_stay_no = again.stay_no
    left join ed_visit_fact as visit on result.again_visit_no = visit.visit_no
    where result.measure = $measure and result.is_counted
),

insured as (
    select found.*, covered.plan
    from found
    inner join covered_year as covered on found.patient_no = covered.patient_no and year(found.on_day) = covered.year
    where (case $measure when 'hospital_after_gap' then covered.supply_months else covered.months end >> (month(found.on_day) - 1)) & 1 = 1
        and ($from_on is null or not $days or found.on_day >= $from_on)
        and ($to_on is null or not $days or found.on_day <= $to_on)
),

covered_day as (
    select insured.*
    from insured
    inner join enrollment_span as span
        on insured.patient_no = span.patient_no
        and span.coverage = 'medical'
        and insured.on_day between span.from_on and span.to_on
)

select
    patient.pid,
    counted.stay_id,
    counted.admitted_on,
    counted.discharged_on,
    counted.kind,
    counted.principal_diagnosis,
    counted.facility_npi,
    counted.plan,
    counted.evidence
from covered_day as counted
inner join patient on counted.patient_no = patient.patient_no
where $plan is null or counted.plan = $plan
order by case when $days then counted.on_day end desc, patient.pid, case when $days then counted.stay_id end
limit $rows offset $first
