-- Rule: A11
-- Title: Too many encounters
-- Version: 1
-- Severity: recover
-- Statement: A patient has no more than most_encounters paid days of service with a payer inside encounter_days, unless an approval lifts the limit.
-- Message: The encounter exceeds the programme limit without approval.
-- Recovers: the payment of the line
-- Documents: An approval for the further encounter.
-- Parameters: most_encounters, encounter_days, approval_lifts_limit
with day as (
    select distinct line.patient_no, line.program, line.payer, line.service_date, term.encounter_days, term.most_encounters
    from audit_line as line
    inner join audit_term as term on line.term_no = term.term_no
    where term.most_encounters is not null
),

counted as (
    select
        *,
        count(*) over (
            partition by patient_no, program, payer
            order by service_date
            range between (to_days(encounter_days - 1)) preceding and current row
        ) as encounter
    from day
)

select
    line.line_no,
    'at most ' || counted.most_encounters || ' encounters in ' || counted.encounter_days || ' days' as expected,
    'encounter ' || counted.encounter
    || case when coalesce(line.approval_number, line.session_approval) is null then '; no approval' else '; an approval does not lift this limit' end as found,
    line.paid as at_risk
from audit_line as line
inner join audit_term as term on line.term_no = term.term_no
inner join counted
    on line.patient_no = counted.patient_no
    and line.program is not distinct from counted.program
    and line.payer is not distinct from counted.payer
    and line.service_date = counted.service_date
where counted.encounter > counted.most_encounters
    and not (term.approval_lifts_limit = 'yes' and coalesce(line.approval_number, line.session_approval) is not null)
