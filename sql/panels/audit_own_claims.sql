-- One row for each of some MTM claims that a pharmacy billed itself.
-- Rows: keys
-- $pharmacy varchar: the pharmacy, by NPI
-- $claims varchar[]: claims, by their ids
select distinct claim_id
from audit_claim
where pharmacy_npi = $pharmacy and list_contains($claims, claim_id)
