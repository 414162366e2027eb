-- One row for each hospital rate, period (year or month) and group of people with medical coverage: events, member-months, and the rate with its 95% interval
-- (Byar, exact below ten events). Length of stay is days an admission, paid amounts dollars a member-month
-- (years only, trimmed), without an interval. What counts discharges (readmissions, fills that a discharge calls for) is by the month of discharge; its years are
-- made with the other proportions.
with alike as (
    select year, months, supply_months, plan, contract_id, pharmacy_npi, count(*) as people
    from covered_year
    group by all
),

person_time as (
    select
        alike.year,
        make_date(alike.year, calendar.month_no + 1, 1) as month,
        alike.plan,
        alike.contract_id,
        alike.pharmacy_npi,
        sum(alike.people)::bigint as member_months,
        sum(alike.people * ((alike.supply_months >> calendar.month_no) & 1))::bigint as supply_months
    from alike
    inner join (select unnest(range(0, 12))::integer as month_no) as calendar on (alike.months >> calendar.month_no) & 1 = 1
    group by alike.year, calendar.month_no, alike.plan, alike.contract_id, alike.pharmacy_npi
),

summed as (
    select
        case when grouping(month) = 0 then strftime(month, '%Y-%m') else year::varchar end as period,
        case
            when grouping(plan) = 0 then 'plan'
            when grouping(contract_id) = 0 then 'contract'
            when grouping(pharmacy_npi) = 0 then 'pharmacy'
            else 'all'
        end as dimension,
        case
            when grouping(plan) = 0 then plan
            when grouping(contract_id) = 0 then contract_id
            when grouping(pharmacy_npi) = 0 then pharmacy_npi
            else 'all'
        end as dimension_value,
        sum(member_months)::bigint as member_months,
        (sum(member_months) filter (where month >= date '2015-10-01'))::bigint as icd_10_months,
        sum(supply_months)::bigint as supply_months,
        coalesce(sum(admissions), 0)::bigint as admissions,
        coalesce(sum(bed_days), 0)::bigint as bed_days,
        coalesce(sum(ed_visits), 0)::bigint as ed_visits,
        coalesce(sum(observations), 0)::bigint as observations,
        coalesce(sum(avoidable), 0)::bigint as avoidable,
        coalesce(sum(avoidable_by_medicine), 0)::bigint as avoidable_by_medicine,
        coalesce(sum(harm_definite), 0)::bigint as harm_definite,
        coalesce(sum(harm_poisoning), 0)::bigint as harm_poisoning,
        coalesce(sum(harm_underdosing), 0)::bigint as harm_underdosing,
        coalesce(sum(harm_possible), 0)::bigint as harm_possible,
        coalesce(sum(after_gap), 0)::bigint as after_gap
    from (
        select * from person_time
        union all by name
        select year, month, plan, contract_id, pharmacy_npi, admissions, bed_days, ed_visits, observations, avoidable, avoidable_by_medicine, harm_definite, harm_poisoning, harm_underdosing, harm_possible, after_gap
        from hospital_event
    )
    group by grouping sets ((year), (year, plan), (year, contract_id), (year, pharmacy_npi), (month), (month, plan))
),

rate as (
    select
        period,
        dimension,
        dimension_value,
        unnest([
            struct_pack(measure := 'hospital_admissions', n := admissions, d := member_months),
            struct_pack(measure := 'hospital_bed_days', n := bed_days, d := member_months),
            struct_pack(measure := 'emergency_visits', n := ed_visits, d := member_months),
            struct_pack(measure := 'observation_stays', n := observations, d := member_months),
            struct_pack(measure := 'length_of_stay', n := bed_days, d := admissions),
            struct_pack(measure := 'avoidable_admissions', n := avoidable, d := icd_10_months),
            struct_pack(measure := 'avoidable_admissions_medicine', n := avoidable_by_medicine, d := icd_10_months),
            struct_pack(measure := 'drug_harm_definite', n := harm_definite, d := icd_10_months),
            struct_pack(measure := 'drug_harm_poisoning', n := harm_poisoning, d := icd_10_months),
            struct_pack(measure := 'drug_harm_underdosing', n := harm_underdosing, d := icd_10_months),
            struct_pack(measure := 'drug_harm_possible', n := harm_possible, d := icd_10_months),
            struct_pack(measure := 'hospital_after_gap', n := after_gap, d := supply_months)
        ]) as said
    from summed
),

discharged as (
    select measure, strftime(discharged_on, '%Y-%m') as period, plan, count(*) filter (where is_counted) as n, count(*) as d
    from discharge_result
    group by all
),

paid as (
    select
        unnest([
            struct_pack(
                measure := 'medical_paid',
                n := case when is_medical_known then medical_trimmed end,
                d := medical_months
            ),
            struct_pack(
                measure := 'pharmacy_paid',
                n := case when is_pharmacy_known then pharmacy_trimmed end,
                d := pharmacy_months
            )
        ]) as said,
        year,
        plan,
        contract_id,
        pharmacy_npi
    from (
        select
            year,
            plan,
            contract_id,
            pharmacy_npi,
            is_medical_known,
            is_pharmacy_known,
            sum(medical_trimmed) as medical_trimmed,
            sum(pharmacy_trimmed) as pharmacy_trimmed,
            sum(medical_months) as medical_months,
            sum(pharmacy_months) as pharmacy_months
        from paid_year
        group by all
    )
),

grouped as (
    select
        (said).measure as measure,
        case (said).measure when 'length_of_stay' then 'days' else 'time' end as form,
        period,
        dimension,
        dimension_value,
        (said).n as n,
        (said).d as d
    from rate
    union all
    select
        (said).measure,
        'dollars',
        year::varchar,
        case when grouping(plan) = 0 then 'plan' when grouping(contract_id) = 0 then 'contract' when grouping(pharmacy_npi) = 0 then 'pharmacy' else 'all' end,
        case when grouping(plan) = 0 then plan when grouping(contract_id) = 0 then contract_id when grouping(pharmacy_npi) = 0 then pharmacy_npi else 'all' end,
        round(sum((said).n))::bigint,
        sum((said).d)::bigint
    from paid
    where (said).n is not null
    group by grouping sets (((said).measure, year), ((said).measure, year, plan), ((said).measure, year, contract_id), ((said).measure, year, pharmacy_npi))
    union all
    select measure, 'discharges', period, 'all', 'all', sum(n)::bigint, sum(d)::bigint
    from discharged
    group by measure, period
    union all
    select measure, 'discharges', period, 'plan', plan, n, d
    from discharged
    where plan is not null
)

select
    measure,
    period,
    dimension,
    dimension_value,
    n as numerator,
    d as denominator,
    case when form = 'time' then n * 12000.0 / d else n::double / d end as rate,
    case form when 'time' then byar_lower(n) * 12000 / d when 'discharges' then wilson_lower(n, d) end as lower,
    case form when 'time' then byar_upper(n) * 12000 / d when 'discharges' then wilson_upper(n, d) end as upper,
    case form
        when 'time' then 'per 1,000 member-years'
        when 'discharges' then 'proportion'
        when 'dollars' then 'dollars per member per month'
        else 'days'
    end as unit
from grouped
where d > 0 and dimension_value is not null
order by measure, dimension, period, dimension_value
