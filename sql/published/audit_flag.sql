-- One row for each rule of the audit and line of an MTM claim that it flags: what was expected, what was found, and what the rule alone would recover.
-- Amounts of several rules on one line may be the same dollars: do not add them up.
select
    patient.patient_id,
    finding.rule_id,
    finding.rule_version,
    finding.claim_id,
    finding.claim_line_number,
    finding.service_id,
    finding.severity,
    finding.finding,
    finding.expected,
    finding.found,
    finding.amount_at_risk,
    finding.data_source
from audit_finding as finding
inner join patient on finding.patient_no = patient.patient_no
