-- One row for each pharmacy that billed one of some MTM claims, and claim.
-- Rows: keys
-- $claims varchar[]: claims, by their ids
select distinct pharmacy_npi, claim_id
from audit_claim
where pharmacy_npi is not null and list_contains($claims, claim_id)
