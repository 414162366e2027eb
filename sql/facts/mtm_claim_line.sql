-- One row for each line of an MTM claim for a service by the as-of day. is_final: paid, and no reversal took it back; amounts of other lines count as nothing.
-- A reversed row removes what original_claim_id names, else what has its own claim id (the same line where the claim has it, else all lines), else one paid
-- row of the same person, code, day and pharmacist, one for one, whatever the order of arrival; each within its own data source.
with line as (
    select
        row_number() over (
            order by claim.data_source, claim.claim_id, claim.claim_line_number, claim.claim_status, claim.source_file, claim.source_line
        )::integer as line_no,
        person.patient_no,
        claim.*
    from mtm_claim as claim
    inner join person on claim.person_id = person.patient_id
    inner join run on claim.service_date <= run.as_of
),

reversal as (
    select *, coalesce(original_claim_id, claim_id) as target_id
    from line
    where claim_status = 'reversed'
),

named as (
    select
        reversal.line_no as reversal_no,
        line.line_no,
        reversal.claim_line_number = line.claim_line_number as is_same_line
    from reversal
    inner join line on reversal.data_source is not distinct from line.data_source and reversal.target_id = line.claim_id
    where line.claim_status = 'paid'
),

by_name as (
    select reversal_no, line_no
    from named
    where is_same_line
    union all
    select named.reversal_no, named.line_no
    from named
    anti join (select reversal_no from named where is_same_line) as by_line using (reversal_no)
),

loose_turn as (
    select
        reversal.*,
        row_number() over (partition by data_source, patient_no, procedure_code, service_date, pharmacist_npi order by line_no) as turn
    from reversal
    anti join by_name on reversal.line_no = by_name.reversal_no
    where reversal.original_claim_id is null
),

alike_turn as (
    select
        line.*,
        row_number() over (partition by data_source, patient_no, procedure_code, service_date, pharmacist_npi order by line.line_no) as turn
    from line
    semi join loose_turn
        on line.data_source is not distinct from loose_turn.data_source
        and line.patient_no = loose_turn.patient_no
        and line.procedure_code = loose_turn.procedure_code
        and line.service_date = loose_turn.service_date
        and line.pharmacist_npi is not distinct from loose_turn.pharmacist_npi
    anti join by_name on line.line_no = by_name.line_no
    where line.claim_status = 'paid'
),

removed as (
    select reversal_no, line_no
    from by_name
    union all
    select loose_turn.line_no, alike_turn.line_no
    from loose_turn
    inner join alike_turn
        on loose_turn.data_source is not distinct from alike_turn.data_source
        and loose_turn.patient_no = alike_turn.patient_no
        and loose_turn.procedure_code = alike_turn.procedure_code
        and loose_turn.service_date = alike_turn.service_date
        and loose_turn.pharmacist_npi is not distinct from alike_turn.pharmacist_npi
        and loose_turn.turn = alike_turn.turn
)

select
    line.* exclude (person_id),
    line.claim_status = 'paid' and gone.line_no is null as is_final,
    gone.line_no is not null as is_reversed,
    line.claim_status = 'reversed' and acted.reversal_no is not null as has_reversed
from line
left join (select distinct line_no from removed) as gone on line.line_no = gone.line_no
left join (select distinct reversal_no from removed) as acted on line.line_no = acted.reversal_no
