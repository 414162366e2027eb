-- One row for each rule that flags some MTM claims and line that it flags: what the line and its claim were paid, and what the rule alone would recover of the line.
-- Rows: patients
-- $claims varchar[]: claims, each as its source, | and its id
with line as (
    select *, sum(paid) over (partition by patient_no, claim_number) as claim_paid
    from audit_claim
    where list_contains($claims, concat(data_source, '|', claim_id))
)

select
    patient.pid,
    line.data_source,
    line.claim_id,
    line.claim_number,
    finding.rule_id,
    line.claim_line_number as line,
    line.paid,
    line.claim_paid,
    finding.amount_at_risk as at_risk
from audit_finding as finding
inner join line on finding.line_no = line.line_no
inner join patient on line.patient_no = patient.patient_no
order by patient.pid, line.claim_number, finding.rule_id, line.line_no
