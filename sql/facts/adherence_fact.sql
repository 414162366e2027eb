-- One row for each patient, measure and measurement year with a final fill of the class by the as-of day, counted or not.
-- The days come from the fold; here stands who is left out, by the first reason that holds (domain rules R1, R4, R5, R6, R15 to R17):
-- age on the first day of the year (or the last: a setting); hospice and ESRD at any time in the year; an exclusion drug inside the period; a gap in coverage inside the period;
-- fills on too few days (one only); a period that is too short (under 91 days), tested before stay days go; stays that cover the whole period.
-- Somebody with one fill date is not yet in the measure while the period is open and nothing else is wrong. The pharmacy view knows
-- no birth dates and no medical data.
with known as (
    select patient_no, kind, nullif(columns(* exclude (patient_no, kind)), -2147483648)
    from adherence_fold
),

-- The small numbers that share a column, apart again (src/lib/server/build/fold_table.ts).
fold as (
    select
        patient_no,
        kind & 255 as measure_no,
        (kind >> 8) & 4095 as year,
        kind >> 20 as flags,
        index_date,
        period_end,
        known.fills & 511 as fill_days,
        known.fills >> 9 as fills,
        pharmacy_fills,
        long_waits,
        period_end - index_date + 1 as calendar_days,
        day_counts & 1023 as elapsed_days,
        (day_counts >> 10) & 1023 as covered_days,
        day_counts >> 20 as removed_days,
        calendar_days - removed_days as period_days,
        elapsed_days - covered_days as missed_days,
        stay_counts & 1023 as covered_days_without_stays,
        (stay_counts >> 10) & 1023 as covered_days_with_stays,
        stay_counts >> 20 as period_days_with_stays,
        allowable_days_remaining,
        runs_out_on,
        days_late,
        last_impactable_on,
        months,
        pharmacy_no,
        prescriber_no,
        plan_no,
        last_fill_on,
        last_fill & 255 as last_ingredient_no,
        (last_fill >> 8) & 511 as last_days_supply,
        nullif(last_fill >> 17, 127) as last_refills_remaining
    from known
),

-- The settings of this select, as columns.
limits as (
    select
        max(try_cast(value as integer)) filter (where setting = 'minimum_fill_dates') as fill_dates,
        max(try_cast(value as integer)) filter (where setting = 'minimum_period_days') as period_days,
        max(case value when 'last_day' then 12 else 1 end) filter (where setting = 'age_reference') as age_month,
        max(case value when 'last_day' then 31 else 1 end) filter (where setting = 'age_reference') as age_day
    from setting
),

named as (
    select
        fold.*,
        limits.period_days as least_period_days,
        measure_code.measure,
        measure_code.in_pharmacy_view,
        measure_code.threshold_percent,
        case
            when fold.index_date is null then 'not_enrolled'
            when not measure_code.in_pharmacy_view
                and patient.birth_date > make_date(fold.year - rule.min_age, limits.age_month, limits.age_day) then 'under_' || rule.min_age
            when not measure_code.in_pharmacy_view and rule.excludes_hospice and exclusion_year.has_hospice then 'hospice'
            when not measure_code.in_pharmacy_view and rule.excludes_esrd and exclusion_year.has_esrd then 'esrd'
            when (fold.flags & 16) > 0 then rule.exclusion_reason
            when (fold.flags & 8) > 0 then 'coverage_gap'
            when fold.fill_days < limits.fill_dates then 'one_fill_date'
            when fold.calendar_days < limits.period_days then 'short_period'
            when fold.period_days = 0 then 'stays_cover_period'
        end as excluded_because
    from fold
    inner join measure_code on fold.measure_no = measure_code.measure_no
    inner join adherence_measure as rule on measure_code.base_measure = rule.measure
    inner join patient on fold.patient_no = patient.patient_no
    cross join limits
    left join exclusion_year on fold.patient_no = exclusion_year.patient_no and fold.year = exclusion_year.year
)

select
    named.patient_no,
    named.measure,
    named.in_pharmacy_view,
    named.year,
    run.as_of,
    named.excluded_because is null as in_denominator,
    named.excluded_because,
    date '1970-01-01' + named.index_date as index_date,
    date '1970-01-01' + named.period_end as period_end,
    named.period_days,
    named.elapsed_days,
    named.covered_days,
    named.removed_days,
    case when named.index_date is not null then named.fills end as fills,
    case when named.elapsed_days > 0 then named.covered_days::double / named.elapsed_days end as pdc,
    case when named.elapsed_days > 0 then (named.flags & 32) > 0 end as adherent,
    named.missed_days,
    named.allowable_days_remaining,
    date '1970-01-01' + named.runs_out_on as runs_out_on,
    named.days_late,
    date '1970-01-01' + named.last_impactable_on as last_impactable_on,
    case
        when named.period_days > 0 then (named.period_days - named.missed_days)::double / named.period_days
    end as best_possible_pdc,
    case
        when named.excluded_because = 'one_fill_date' and named.calendar_days >= named.least_period_days and named.period_days > 0
            and run.as_of < date '1970-01-01' + named.period_end then 'not_yet_in_measure'
        when named.excluded_because is not null then 'excluded'
        when (named.flags & 7) = 0 then 'secured'
        when (named.flags & 7) = 1 then 'lost'
        when (named.flags & 7) = 2 then 'last_chance'
        when (named.flags & 7) = 3 then 'overdue'
        when (named.flags & 7) = 4 then 'due_soon'
        when (named.flags & 7) = 5 then 'on_track'
    end as status,
    -- The order in which patients are called.
    case status
        when 'last_chance' then 1
        when 'overdue' then 2
        when 'due_soon' then 3
        when 'on_track' then 4
        when 'not_yet_in_measure' then 5
        when 'secured' then 6
        when 'lost' then 7
        else 8
    end::utinyint as urgency,
    named.covered_days_without_stays as covered_days_without_stay_adjustment,
    named.calendar_days as period_days_without_stay_adjustment,
    case when named.index_date is not null then (named.flags & 64) > 0 end as adherent_without_stay_adjustment,
    named.covered_days_with_stays as covered_days_with_stay_adjustment,
    named.period_days_with_stays as period_days_with_stay_adjustment,
    case when named.period_days_with_stays > 0 then (named.flags & 128) > 0 end as adherent_with_stay_adjustment,
    dispensing_pharmacy.npi as pharmacy_npi,
    prescriber.npi as prescriber_npi,
    plan_name.plan,
    plan_name.contract_id as plan_contract_id,
    date '1970-01-01' + named.last_fill_on as last_fill_on,
    class_ingredient.ingredient as last_ingredient,
    named.last_days_supply,
    named.last_refills_remaining,
    named.pharmacy_fills,
    case when named.index_date is not null then named.fills end as counted_fills,
    (named.months & 4095)::usmallint as month_adherent,
    (named.months >> 12)::usmallint as month_counted,
    case when named.elapsed_days > 0 then least(19, named.covered_days * 20 // named.elapsed_days) end::utinyint as pdc_bin,
    coalesce(named.long_waits, 0)::usmallint as long_waits
from named
cross join run
left join dispensing_pharmacy on named.pharmacy_no = dispensing_pharmacy.pharmacy_no
left join prescriber on named.prescriber_no = prescriber.prescriber_no
left join plan_name on named.plan_no = plan_name.plan_no
left join class_ingredient
    on named.measure_no = class_ingredient.measure_no
    and named.last_ingredient_no = class_ingredient.ingredient_no
