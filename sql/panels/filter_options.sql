-- One row for each value that a filter can take: plans, contracts, pharmacies, prescribers, sexes, languages, ZIP areas.
-- Rows: counts
-- Cells: patients is never told
-- $year integer: measurement year
-- $chosen varchar[] optional: values that must be there if they exist, however rare
with person as (
    select distinct patient_no, plan, pharmacy_npi, prescriber_npi
    from adherence_fact
    where year = $year
),

value as (
    select 'plan' as key, plan as value, count(distinct patient_no) as patients from person group by plan
    union all
    select 'pharm', pharmacy_npi, count(distinct patient_no) from person group by pharmacy_npi
    union all
    select 'presc', prescriber_npi, count(distinct patient_no) from person group by prescriber_npi
    union all
    select 'contract', contract_id, count(*) from patient group by contract_id
    union all
    select 'sex', gender, count(*) from patient group by gender
    union all
    select 'lang', language, count(*) from patient group by language
    union all
    select 'zip3', zip_code[1:3], count(*) from patient group by zip_code[1:3]
),

ranked as (
    select *, row_number() over (partition by key order by patients desc, value) as place
    from value
    where value is not null and value <> ''
)

select
    r.key,
    r.value,
    case r.key
        when 'pharm' then coalesce(d.name, r.value)
        when 'presc' then coalesce(p.name, r.value)
        else r.value
    end as label,
    r.patients
from ranked as r
left join dispensing_pharmacy as d on r.key = 'pharm' and d.npi = r.value
left join prescriber as p on r.key = 'presc' and p.npi = r.value
where r.place <= 500 or list_contains($chosen, r.value)
order by r.key, label, r.value
