-- One row for each step from the stays of a year to those that a measure counts: below the line by discharge (readmissions, fills that a discharge calls for), above it by
-- admission (avoidable admissions). Each stay leaves at the first reason that holds; each step's remaining is the one before less its own stays.
-- Rows: counts
-- Cells: stays adds up; remaining runs down by stays; few all_stays, counted hide stays, remaining; few remaining hide stays, remaining; all_stays, counted are never told
-- $measure varchar: the measure's id
-- $year integer: year of discharge, or of admission
-- $days boolean: filled in from the asker's level, true where days are shown, and with them small counts; else nothing is told of a measure whose denominator another's
--   numerator would tell, and avoidable admissions begin with those covered, which are the numerator of another rate
with step as (
    select * from (values
        ('readmission_30_days', [
            'not_acute', 'transferred', 'still_patient', 'died', 'left_against_advice', 'age_not_known', 'under_18', 'not_covered_30_days', 'hospice', 'pregnancy',
            'perinatal', 'no_diagnosis_group', 'cancer_treatment', 'rehabilitation', 'psychiatric', 'no_cohort', 'too_recent', 'planned_not_known'
        ]),
        ('discharge_without_fills', [
            'transferred', 'still_patient', 'died', 'not_home', 'age_not_known', 'under_18', 'hospice', 'not_covered_30_days', 'no_pharmacy_coverage', 'back_before',
            'too_early', 'too_recent'
        ]),
        ('hospital_after_no_fill', [
            'transferred', 'still_patient', 'died', 'not_home', 'age_not_known', 'under_18', 'hospice', 'not_covered_30_days', 'no_pharmacy_coverage', 'back_before',
            'too_early', 'too_recent', 'all_on_hand'
        ]),
        ('avoidable_admissions', ['not_covered', 'icd_9', 'age_not_known', 'under_18', 'transferred_in', 'not_avoidable'])
    ) as s(measure, reasons)
),

in_order as (
    select *
    from (
        select measure, generate_subscripts(reasons, 1) as step, unnest(reasons) as excluded_because
        from step
    )
    where measure = $measure and ($days or not tells_hidden(measure) and excluded_because <> 'not_covered')
),

insured as (
    select distinct stay.stay_no
    from stay_fact as stay
    inner join enrollment_span as span
        on stay.patient_no = span.patient_no
        and span.coverage = 'medical'
        and stay.admitted_on between span.from_on and span.to_on
    inner join covered_year as covered
        on stay.patient_no = covered.patient_no
        and year(stay.admitted_on) = covered.year
        and (covered.months >> (month(stay.admitted_on) - 1)) & 1 = 1
    where $measure = 'avoidable_admissions' and year(stay.admitted_on) = $year
),

judged as (
    select readmission.excluded_because
    from readmission
    inner join stay_fact as stay on readmission.stay_no = stay.stay_no
    where $measure = 'readmission_30_days' and year(stay.discharged_on) = $year
    union all
    select coalesce(excluded_because, case when $measure = 'hospital_after_no_fill' and len(not_on_hand) = 0 then 'all_on_hand' end)
    from discharge_fill
    where $measure in ('discharge_without_fills', 'hospital_after_no_fill') and year(discharged_on) = $year
    union all
    select
        case
            when insured.stay_no is null then 'not_covered'
            when stay.is_icd_9 or stay.admitted_on < date '2015-10-01' then 'icd_9'
            when stay.age is null then 'age_not_known'
            when stay.age < 18 then 'under_18'
            when stay.admit_source in ('4', '5', '6') then 'transferred_in'
            when avoidable.stay_no is null then 'not_avoidable'
        end
    from stay_fact as stay
    left join insured on stay.stay_no = insured.stay_no
    left join avoidable_stay as avoidable on stay.stay_no = avoidable.stay_no
    where $measure = 'avoidable_admissions'
        and stay.kind = 'acute'
        and stay.is_admission
        and year(stay.admitted_on) = $year
),

found as (
    select excluded_because, count(*) as stays
    from judged
    where $days or excluded_because is distinct from 'not_covered'
    group by excluded_because
),

whole as (
    select
        coalesce(sum(stays), 0)::bigint as all_stays,
        coalesce(sum(stays) filter (where excluded_because is null), 0)::bigint as counted
    from found
),

line as (
    select 0 as step, null as excluded_because, 0 as stays
    where (select count(*) from in_order) > 0
    union all
    select in_order.step, in_order.excluded_because, coalesce(found.stays, 0)
    from in_order
    left join found on in_order.excluded_because = found.excluded_because
)

select
    line.step,
    line.excluded_because,
    line.stays,
    whole.all_stays - sum(line.stays) over (order by line.step rows unbounded preceding)::bigint as remaining,
    whole.all_stays,
    whole.counted
from line
cross join whole
order by line.step
