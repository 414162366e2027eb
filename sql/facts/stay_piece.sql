-- One row for each stay: a chain of claims, or the part of it in which the patient was nowhere else. Stays of one patient share at most a boundary day.
-- Where chains of different places share more than a boundary day, each day belongs to the one admitted last, of those the one that ends first: a hospital
-- stay in the midst of a nursing facility's bill leaves that facility a stay before it and one after it (part 2, not a new admission).
with chain as (
    select
        chain_no,
        min(patient_no) as patient_no,
        min(from_on) as from_on,
        max(to_on) as to_on
    from bill_chain
    group by chain_no
),

reached as (
    select
        *,
        max(to_on) over (
            partition by patient_no
            order by from_on, to_on, chain_no
            rows between unbounded preceding and 1 preceding
        ) as reached_on
    from chain
),

clustered as (
    select
        *,
        count(*) filter (where reached_on is null or from_on >= reached_on) over (
            partition by patient_no
            order by from_on, to_on, chain_no
            rows between unbounded preceding and current row
        ) as cluster
    from reached
),

sized as (
    select *, count(*) over (partition by patient_no, cluster) as chains
    from clustered
),

entangled as (
    select * from sized where chains > 1
),

edge as (
    select distinct patient_no, cluster, unnest([from_on, to_on]) as on_day
    from entangled
),

span as (
    select patient_no, cluster, on_day as from_on, lead(on_day) over (partition by patient_no, cluster order by on_day) as to_on
    from edge
),

owned as (
    select
        span.patient_no,
        span.cluster,
        span.from_on,
        span.to_on,
        arg_max(entangled.chain_no, struct_pack(
            admitted := entangled.from_on, ends_first := date '9999-12-31' - entangled.to_on, first_no := -entangled.chain_no
        )) as chain_no
    from span
    inner join entangled
        on span.patient_no = entangled.patient_no
        and span.cluster = entangled.cluster
        and entangled.from_on <= span.from_on
        and entangled.to_on >= span.to_on
    where span.to_on is not null
    group by span.patient_no, span.cluster, span.from_on, span.to_on
),

changed as (
    select
        *,
        lag(chain_no) over (partition by patient_no, cluster order by from_on) is distinct from chain_no as is_new
    from owned
),

island as (
    select
        *,
        count(*) filter (where is_new) over (
            partition by patient_no, cluster
            order by from_on
            rows between unbounded preceding and current row
        ) as island
    from changed
),

piece as (
    select patient_no, chain_no, from_on, to_on
    from sized
    where chains = 1 or from_on = to_on
    union all
    select patient_no, chain_no, min(from_on), max(to_on)
    from island
    group by patient_no, cluster, island, chain_no
)

select
    row_number() over (order by patient_no, from_on, to_on, chain_no)::integer as stay_no,
    patient_no,
    chain_no,
    row_number() over (partition by chain_no order by from_on)::integer as part,
    from_on,
    to_on
from piece
order by stay_no
