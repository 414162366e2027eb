-- One row for each hospital rate, period (year or month) and group of people with medical coverage: events, member-months, and the rate with its 95% interval
-- (Byar, exact below ten events). Length of stay is days an admission, without an interval. Readmissions are by the month of discharge; their years are made
-- with the other proportions.
with summed as (
    select
        year,
        month,
        plan,
        contract_id,
        pharmacy_npi,
        is_icd_10,
        count(*) as member_months,
        sum(admissions) as admissions,
        sum(bed_days) as bed_days,
        sum(ed_visits) as ed_visits,
        sum(observations) as observations,
        sum(avoidable) as avoidable,
        sum(avoidable_by_medicine) as avoidable_by_medicine,
        sum(harm_definite) as harm_definite,
        sum(harm_poisoning) as harm_poisoning,
        sum(harm_underdosing) as harm_underdosing,
        sum(harm_possible) as harm_possible
    from hospital_month
    group by all
),

rate as (
    select
        year,
        month,
        plan,
        contract_id,
        pharmacy_npi,
        unnest([
            struct_pack(measure := 'hospital_admissions', n := admissions, d := member_months),
            struct_pack(measure := 'hospital_bed_days', n := bed_days, d := member_months),
            struct_pack(measure := 'emergency_visits', n := ed_visits, d := member_months),
            struct_pack(measure := 'observation_stays', n := observations, d := member_months),
            struct_pack(measure := 'length_of_stay', n := bed_days, d := admissions::bigint),
            struct_pack(measure := 'avoidable_admissions', n := avoidable, d := case when is_icd_10 then member_months end),
            struct_pack(measure := 'avoidable_admissions_medicine', n := avoidable_by_medicine, d := case when is_icd_10 then member_months end),
            struct_pack(measure := 'drug_harm_definite', n := harm_definite, d := case when is_icd_10 then member_months end),
            struct_pack(measure := 'drug_harm_poisoning', n := harm_poisoning, d := case when is_icd_10 then member_months end),
            struct_pack(measure := 'drug_harm_underdosing', n := harm_underdosing, d := case when is_icd_10 then member_months end),
            struct_pack(measure := 'drug_harm_possible', n := harm_possible, d := case when is_icd_10 then member_months end)
        ]) as said
    from summed
),

readmitted as (
    select
        'readmission_30_days' as measure,
        strftime(stay.discharged_on, '%Y-%m') as period,
        coalesce(insured.plan, '') as plan,
        readmission.readmitted_within_30_days as is_readmitted
    from readmission
    inner join stay_fact as stay on readmission.stay_no = stay.stay_no
    left join hospital_month as insured
        on readmission.patient_no = insured.patient_no and date_trunc('month', stay.discharged_on)::date = insured.month
    where readmission.is_index
),

grouped as (
    select
        (said).measure as measure,
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
        sum((said).n)::bigint as n,
        sum((said).d)::bigint as d
    from rate
    where (said).d is not null
    group by grouping sets (
        ((said).measure, year), ((said).measure, year, plan), ((said).measure, year, contract_id), ((said).measure, year, pharmacy_npi),
        ((said).measure, month), ((said).measure, month, plan)
    )
    union all
    select measure, period, 'all', 'all', count(*) filter (where is_readmitted), count(*)
    from readmitted
    group by measure, period
    union all
    select measure, period, 'plan', plan, count(*) filter (where is_readmitted), count(*)
    from readmitted
    where plan <> ''
    group by measure, period, plan
)

select
    measure,
    period,
    dimension,
    dimension_value,
    n as numerator,
    d as denominator,
    case measure
        when 'length_of_stay' then n::double / d
        when 'readmission_30_days' then n::double / d
        else n * 12000.0 / d
    end as rate,
    case measure
        when 'length_of_stay' then null
        when 'readmission_30_days' then wilson_lower(n, d)
        else byar_lower(n) * 12000 / d
    end as lower,
    case measure
        when 'length_of_stay' then null
        when 'readmission_30_days' then wilson_upper(n, d)
        else byar_upper(n) * 12000 / d
    end as upper,
    case measure
        when 'length_of_stay' then 'days'
        when 'readmission_30_days' then 'proportion'
        else 'per 1,000 member-years'
    end as unit
from grouped
where d > 0 and dimension_value is not null
order by measure, dimension, period, dimension_value
