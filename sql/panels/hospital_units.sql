-- One row for each unit (a pharmacy, a plan, a contract) in one hospital rate of a year: events, member-months (discharges where those are counted), and people.
-- A plan and a contract are those of each month, the pharmacy that of the year.
-- Rows: counts
-- Cells: numerator, denominator, patients add up; few denominator less numerator hide numerator
-- $measure varchar: the measure's id
-- $year integer: calendar year
-- $unit varchar: pharm, plan or contract
-- $days boolean: filled in from the asker's level, true where days are shown, and with them small counts; else nothing is told of a measure whose denominator another's numerator would tell
with covered as (
    select
        case $unit when 'pharm' then pharmacy_npi when 'plan' then plan else contract_id end as value,
        patient_no,
        bit_count(case
            when $measure = 'hospital_after_gap' then supply_months
            when $measure in ('hospital_admissions', 'emergency_visits', 'observation_stays') or year > 2015 then months
            when year = 2015 then months & 3584
            else 0
        end) as member_months
    from covered_year
    where year = $year
),

event as (
    select
        case $unit when 'pharm' then pharmacy_npi when 'plan' then plan else contract_id end as value,
        sum(case $measure
            when 'hospital_admissions' then admissions
            when 'emergency_visits' then ed_visits
            when 'observation_stays' then observations
            when 'avoidable_admissions' then avoidable
            when 'avoidable_admissions_medicine' then avoidable_by_medicine
            when 'drug_harm_definite' then harm_definite
            when 'drug_harm_poisoning' then harm_poisoning
            when 'drug_harm_underdosing' then harm_underdosing
            when 'drug_harm_possible' then harm_possible
            when 'hospital_after_gap' then after_gap
        end) as numerator
    from hospital_event
    where year = $year
    group by all
),

counted as (
    select
        covered.value,
        coalesce(any_value(event.numerator), 0)::bigint as numerator,
        sum(covered.member_months)::bigint as denominator,
        count(distinct covered.patient_no) as patients
    from covered
    left join event on covered.value is not distinct from event.value
    where not $measure in (select measure from discharge_result)
    group by covered.value
    union all
    select
        case $unit when 'pharm' then pharmacy_npi when 'plan' then plan else contract_id end as value,
        count(*) filter (where is_counted),
        count(*),
        count(distinct patient_no)
    from discharge_result
    where measure = $measure and year(discharged_on) = $year and ($days or not tells_hidden(measure))
    group by value
)

select
    counted.value,
    coalesce(pharmacy.name, counted.value, case $unit when 'pharm' then 'no pharmacy known' else 'no ' || $unit || ' known' end) as label,
    counted.numerator,
    counted.denominator,
    counted.patients
from counted
left join dispensing_pharmacy as pharmacy on $unit = 'pharm' and counted.value = pharmacy.npi
where counted.denominator > 0
order by label, counted.value
