-- One row for each rule that would flag claims of sessions of a year that nobody billed, if they were sent as they are: its words, the sessions, and how many of them can still be sent.
-- Rows: counts
-- Cells: sessions, can_send are never told
-- $year integer: year of service
-- $program varchar optional: part_d, medicaid, commercial or other
-- $pharmacies varchar[] optional: pharmacies, by NPI
select
    rule.rule_id,
    rule.title,
    rule.severity,
    rule.message,
    rule.documents,
    count(*) as sessions,
    count(*) filter (where unbilled.send_by_on >= run.as_of) as can_send
from unbilled_finding as finding
cross join run
inner join unbilled_session as unbilled
    on finding.data_source is not distinct from unbilled.data_source and finding.service_id = unbilled.service_id
inner join audit_rule as rule on finding.rule_id = rule.rule_id
where year(unbilled.held_on) = $year
    and ($program is null or unbilled.program = $program)
    and ($pharmacies is null or list_contains($pharmacies, unbilled.pharmacy_npi))
group by rule.rule_id, rule.title, rule.severity, rule.message, rule.documents
order by can_send desc, rule.rule_id
