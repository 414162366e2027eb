-- One row for each stay and each final claim behind it. A claim of a stay in two parts stands behind both; its amount counts on the first. A chain of
-- which every day belongs to others is no stay of its own: its claims stand behind the stay that has its first day (is_elsewhere).
with chain as (
    select chain_no, min(patient_no) as patient_no, min(from_on) as from_on
    from bill_chain
    group by chain_no
),

lost as (
    select *
    from chain
    anti join stay_piece on chain.chain_no = stay_piece.chain_no
),

keeper as (
    select lost.chain_no, arg_max(stay_piece.stay_no, (stay_piece.from_on, stay_piece.stay_no)) as stay_no
    from lost
    inner join stay_piece
        on lost.patient_no = stay_piece.patient_no
        and lost.from_on between stay_piece.from_on and stay_piece.to_on
    group by lost.chain_no
),

held as (
    select chain_no, stay_no, part, false as is_elsewhere
    from stay_piece
    union all
    select chain_no, stay_no, 1, true
    from keeper
)

select
    held.stay_no,
    bill_chain.patient_no,
    bill_chain.data_source,
    bill_chain.claim_id,
    held.part,
    held.is_elsewhere
from bill_chain
inner join held on bill_chain.chain_no = held.chain_no
order by held.stay_no
