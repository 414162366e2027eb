-- Rule: A35
-- Title: No approval
-- Version: 1
-- Severity: recover
-- Statement: An approval number stands on the claim or in the session where the payer asks for it.
-- Message: There is no approval for the service.
-- Recovers: the payment of the line
-- Documents: The approval with its number and dates.
-- Needs: mtm_claim.approval_number
-- Parameters: approval_required
select
    line.line_no,
    'an approval number' as expected,
    'none on the claim' || case when line.service_id is null then '' else ' and none in the session' end as found,
    line.paid as at_risk
from audit_line as line
inner join audit_term as term on line.term_no = term.term_no
where term.approval_required = 'yes' and line.approval_number is null and line.session_approval is null
