-- One row for each person and calendar year with medical or pharmacy coverage: member-months of each, and what plans paid for services and fills on covered days, as it
-- is and trimmed: a person-year above the percentile of all person-years of its kind and year (setting trim_paid_percentile) counts as that percentile.
-- is_medical_known, is_pharmacy_known: of the year's final lines on covered days so many in a hundred or more carry an amount (setting paid_known_percent);
-- else what was paid cannot be told. plan, contract and pharmacy: as hospital rates have them; without medical coverage none.
with bound as (
    select
        max(value::integer) filter (where setting = 'trim_paid_percentile') as trim_at,
        max(value::integer) filter (where setting = 'paid_known_percent') as known_percent
    from setting
    where setting in ('trim_paid_percentile', 'paid_known_percent')
),

seen as (
    select date_trunc('month', min(dispensed_on))::date as from_on, max(dispensed_on) as to_on
    from fill
),

span as (
    select
        covered.patient_no,
        unnest(range(year(greatest(covered.from_on, seen.from_on)), year(least(covered.to_on, seen.to_on)) + 1))::integer as year,
        greatest(covered.from_on, seen.from_on) as from_on,
        least(covered.to_on, seen.to_on) as to_on
    from enrollment_span as covered
    inner join seen on covered.from_on <= seen.to_on and covered.to_on >= seen.from_on
    where covered.coverage = 'pharmacy'
),

pharmacy_time as (
    select patient_no, year, bit_count(bit_or(month_bits(from_on, to_on, year)))::integer as months
    from span
    group by patient_no, year
),

pharmacy as (
    select patient_no, year(dispensed_on)::integer as year, sum(paid_amount)::decimal(18, 4) as paid, count(*) as lines, count(paid_amount) as known
    from fill
    where is_covered
    group by all
),

medical as (
    select line.patient_no, year(line.starts_on)::integer as year, sum(line.paid_amount)::decimal(18, 4) as paid, count(*) as lines, count(line.paid_amount) as known
    from final_medical_line as line
    inner join enrollment_span as covered
        on line.patient_no = covered.patient_no
        and covered.coverage = 'medical'
        and line.starts_on between covered.from_on and covered.to_on
    group by all
),

person_year as (
    select
        coalesce(hospital.patient_no, pharmacy_time.patient_no) as patient_no,
        coalesce(hospital.year, pharmacy_time.year) as year,
        hospital.plan,
        hospital.contract_id,
        hospital.pharmacy_npi,
        coalesce(hospital.member_months, 0) as medical_months,
        coalesce(pharmacy_time.months, 0) as pharmacy_months
    from hospital_year as hospital
    full join pharmacy_time on hospital.patient_no = pharmacy_time.patient_no and hospital.year = pharmacy_time.year
),

paid as (
    select
        person_year.*,
        case when person_year.medical_months > 0 then coalesce(medical.paid, 0) end as medical_paid,
        case when person_year.pharmacy_months > 0 then coalesce(pharmacy.paid, 0) end as pharmacy_paid,
        coalesce(medical.lines, 0) as medical_lines,
        coalesce(medical.known, 0) as medical_known,
        coalesce(pharmacy.lines, 0) as pharmacy_lines,
        coalesce(pharmacy.known, 0) as pharmacy_known
    from person_year
    left join medical on person_year.patient_no = medical.patient_no and person_year.year = medical.year
    left join pharmacy on person_year.patient_no = pharmacy.patient_no and person_year.year = pharmacy.year
),

whole as (
    select
        paid.year,
        quantile_disc(paid.medical_paid, list_transform(range(50, 101), lambda p: p / 100.0))[any_value(bound.trim_at) - 49] as medical_most,
        quantile_disc(paid.pharmacy_paid, list_transform(range(50, 101), lambda p: p / 100.0))[any_value(bound.trim_at) - 49] as pharmacy_most,
        sum(paid.medical_known) * 100 >= any_value(bound.known_percent) * sum(paid.medical_lines) and sum(paid.medical_lines) > 0 as is_medical_known,
        sum(paid.pharmacy_known) * 100 >= any_value(bound.known_percent) * sum(paid.pharmacy_lines) and sum(paid.pharmacy_lines) > 0 as is_pharmacy_known
    from paid
    cross join bound
    group by paid.year
)

select
    paid.patient_no,
    paid.year,
    paid.plan,
    paid.contract_id,
    paid.pharmacy_npi,
    paid.medical_months,
    paid.pharmacy_months,
    paid.medical_paid,
    paid.pharmacy_paid,
    case when paid.medical_paid is not null then least(paid.medical_paid, whole.medical_most) end as medical_trimmed,
    case when paid.pharmacy_paid is not null then least(paid.pharmacy_paid, whole.pharmacy_most) end as pharmacy_trimmed,
    whole.is_medical_known,
    whole.is_pharmacy_known
from paid
inner join whole on paid.year = whole.year
order by paid.patient_no, paid.year
