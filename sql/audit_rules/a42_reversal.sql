-- Rule: A42
-- Title: Reversal of nothing
-- Version: 1
-- Severity: correct
-- Statement: Each reversal takes back a paid line that is there.
-- Message: The reversal has no paid claim.
-- Recovers: nothing; the reversal and its claim are matched
-- Documents: The remittance of the claim that was taken back.
select
    line_no,
    'the paid claim that it takes back' as expected,
    coalesce('no paid claim ' || original_claim_id, 'no paid claim with its id, or of its patient, day, code and pharmacist') as found,
    0 as at_risk
from mtm_claim_line
where claim_status = 'reversed' and not has_reversed
