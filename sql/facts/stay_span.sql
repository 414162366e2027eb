-- One row for each unbroken span of days in a hospital (bill types 11x), swing bed (18x) or skilled nursing facility (21x), over all
-- facilities: admission through discharge, both days included (CMS Technical Notes, Attachment L). A claim without a discharge
-- day ends on its last day of service.
with claim_span as (
    select
        patient_no,
        data_source,
        claim_id,
        case bill_type[1:2] when '11' then 'inpatient' when '18' then 'swing bed' else 'skilled nursing' end as kind,
        min(coalesce(admitted_on, starts_on)) as from_on,
        max(coalesce(discharged_on, ends_on)) as to_on
    from final_medical_line
    where bill_type[1:2] in ('11', '18', '21')
    group by all
),

whole as (
    select patient_no, kind, from_on, greatest(from_on, to_on) as to_on
    from claim_span
),

reached as (
    select
        *,
        max(to_on) over (
            partition by patient_no
            order by from_on, to_on
            rows between unbounded preceding and 1 preceding
        ) as reached_on
    from whole
),

-- Rows of the same days are numbered together: their order may differ from one window to the next.
numbered as (
    select
        *,
        count(*) filter (where reached_on is null or from_on > reached_on + 1) over (
            partition by patient_no
            order by from_on, to_on
        ) as span
    from reached
)

select
    patient_no,
    min(from_on) as from_on,
    max(to_on) as to_on,
    string_agg(distinct kind, ' and ' order by kind) as kind
from numbered
group by patient_no, span
order by patient_no, from_on
