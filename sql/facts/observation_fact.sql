-- One row for each time under observation in a hospital without an inpatient bill of its own: final outpatient claims with an observation revenue or HCPCS code;
-- claims of one patient that share or touch days are one. stay_no: the hospital stay it led to, begun on one of its days or the day after.
with code as (
    select
        list(code) filter (where code_system = 'revenue') as revenue,
        list(code) filter (where code_system = 'hcpcs') as hcpcs
    from value_set
    where "set" = 'observation'
),

claim as (
    select line.patient_no, line.data_source, line.claim_id, min(line.starts_on) as from_on, max(line.ends_on) as to_on
    from final_medical_line as line
    cross join code
    where (list_contains(code.revenue, lpad(line.revenue_center_code, 4, '0')) or list_contains(code.hcpcs, line.hcpcs_code))
        and coalesce(line.bill_type[1:2] not in ('11', '12', '18', '21', '22', '41'), true)
    group by line.patient_no, line.data_source, line.claim_id
),

reached as (
    select
        *,
        max(to_on) over (
            partition by patient_no
            order by from_on, to_on, claim_id
            rows between unbounded preceding and 1 preceding
        ) as reached_on
    from claim
),

-- Claims of two sources may have one id and one day: they are numbered together, because their order may differ from one window to the next.
numbered as (
    select
        *,
        count(*) filter (where reached_on is null or from_on > reached_on + 1) over (
            partition by patient_no
            order by from_on, to_on, claim_id
        ) as turn
    from reached
),

observed as (
    select patient_no, min(from_on) as from_on, max(to_on) as to_on, list(claim_id order by from_on, claim_id) as claim_ids
    from numbered
    group by patient_no, turn
),

led as (
    select observed.patient_no, observed.from_on, min(stay.stay_no) as stay_no
    from observed
    inner join stay_fact as stay
        on observed.patient_no = stay.patient_no
        and stay.admitted_on between observed.from_on and observed.to_on + 1
    where stay.kind not in ('snf', 'swing_bed', 'religious_nonmedical')
    group by observed.patient_no, observed.from_on
)

select observed.patient_no, observed.from_on, observed.to_on, led.stay_no, observed.claim_ids
from observed
left join led on observed.patient_no = led.patient_no and observed.from_on = led.from_on
order by observed.patient_no, observed.from_on
