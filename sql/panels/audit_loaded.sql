-- One row: whether any MTM claim is loaded.
-- Rows: reference
select count(*) > 0 as has_claims
from (from audit_claim limit 1)
