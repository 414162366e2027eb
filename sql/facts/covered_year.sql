-- One row for each person, calendar year, plan and contract with medical coverage: the months, bit 0 for January, that have at least a day of it, of the months
-- that medical claims tell of (from the month of the first to that of the last day of service by the as-of day). A month is one member-month and stands in one
-- row: of several spans of the roster it goes by the latest. Who has no medical coverage has no row. supply_months: those of them with a day of pharmacy coverage too,
-- of the months that fills tell of, from the first one 90 days after the first fill: before, who ran out is not known. pharmacy_npi: the pharmacy with most fills of the year,
-- of those the latest used.
with seen as (
    select date_trunc('month', min(starts_on))::date as from_on, max(starts_on) as to_on
    from final_medical_line
),

span as (
    select
        roster.patient_no,
        unnest(range(year(greatest(roster.from_on, seen.from_on)), year(least(roster.to_on, seen.to_on)) + 1))::integer as year,
        greatest(roster.from_on, seen.from_on) as from_on,
        least(roster.to_on, seen.to_on) as to_on,
        roster.plan,
        roster.contract_id,
        roster.from_on as began_on,
        roster.load_id
    from roster_span as roster
    inner join seen on roster.from_on <= seen.to_on and roster.to_on >= seen.from_on and roster.from_on <= roster.to_on
    where roster.medical_coverage
),

covered as (
    select *, month_bits(from_on, to_on, year) as months
    from span
),

own as (
    select
        patient_no,
        year,
        plan,
        contract_id,
        months & ~coalesce(bit_or(months) over (
            partition by patient_no, year
            order by began_on desc, load_id desc, plan, contract_id
            rows between unbounded preceding and 1 preceding
        ), 0) as months
    from covered
),

usual_pharmacy as (
    select patient_no, year, arg_max(pharmacy_npi, (fills, last_fill_on, pharmacy_npi)) as pharmacy_npi
    from pharmacy_year
    group by patient_no, year
),

fills_seen as (
    select (date_trunc('month', min(dispensed_on) + 90) + interval 1 month)::date as from_on, max(dispensed_on) as to_on
    from fill
),

supply_span as (
    select
        covered.patient_no,
        unnest(range(year(greatest(covered.from_on, seen.from_on)), year(least(covered.to_on, seen.to_on)) + 1))::integer as year,
        greatest(covered.from_on, seen.from_on) as from_on,
        least(covered.to_on, seen.to_on) as to_on
    from enrollment_span as covered
    inner join fills_seen as seen on covered.from_on <= seen.to_on and covered.to_on >= seen.from_on
    where covered.coverage = 'pharmacy'
),

supply_year as (
    select patient_no, year, bit_or(month_bits(from_on, to_on, year)) as months
    from supply_span
    group by patient_no, year
)

select
    own.patient_no,
    own.year,
    own.plan,
    own.contract_id,
    any_value(usual_pharmacy.pharmacy_npi) as pharmacy_npi,
    bit_or(own.months)::integer as months,
    (bit_or(own.months) & coalesce(any_value(supply_year.months), 0))::integer as supply_months
from own
left join usual_pharmacy on own.patient_no = usual_pharmacy.patient_no and own.year = usual_pharmacy.year
left join supply_year on own.patient_no = supply_year.patient_no and own.year = supply_year.year
where own.months > 0
group by own.patient_no, own.year, own.plan, own.contract_id
order by own.patient_no, own.year
