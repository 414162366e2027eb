-- One row for each group of people (by language, Medicaid status, race or commuting area, as the roster says) with pharmacy coverage on the as-of day or enrolled in MTM in the
-- year: how many meet the criteria on the as-of day (of its year alone: in another year nobody is known to), are enrolled in the year, are counted in CMR completion, and had a review. In the order of the groups'
-- names, not said last: no ranking.
-- Rows: counts
-- Cells: eligible, enrolled add up; enrolled = counted + ~not_counted; counted = reviewed + ~open
-- $year integer: measurement year
-- $unit varchar: language, dual, race or area (patient_area)
with enrolled as (
    select patient_no, bool_or(in_denominator) as is_counted, bool_or(in_denominator and completed) as is_reviewed
    from cmr_fact
    where year = $year
    group by patient_no
),

person_of as (
    select
        patient.patient_no,
        case $unit
            when 'language' then lower(patient.language)
            when 'race' then lower(patient.race)
            when 'dual' then case
                when patient.dual_status_code in ('02', '04', '08') then 'full Medicaid'
                when patient.dual_status_code in ('01', '03', '05', '06', '09') then 'partial Medicaid'
                when patient.dual_status_code in ('00', 'NA') then 'no Medicaid'
            end
            when 'area' then patient_area.area
        end as value,
        coalesce(eligibility.is_eligible, false) as is_eligible,
        enrolled.patient_no is not null as is_enrolled,
        coalesce(enrolled.is_counted, false) as is_counted,
        coalesce(enrolled.is_reviewed, false) as is_reviewed
    from patient
    left join mtm_eligibility as eligibility on patient.patient_no = eligibility.patient_no and eligibility.year = $year
    left join enrolled on patient.patient_no = enrolled.patient_no
    left join patient_area on patient.patient_no = patient_area.patient_no
    where eligibility.patient_no is not null or enrolled.patient_no is not null
)

select
    value,
    count(*) filter (where is_eligible) as eligible,
    count(*) filter (where is_enrolled) as enrolled,
    count(*) filter (where is_counted) as counted,
    count(*) filter (where is_reviewed) as reviewed
from person_of
group by value
order by value nulls last
