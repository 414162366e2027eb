-- Severity: warning
-- Sentence: A bill has no day of its own, because bills of another place cover all of its days: it stands behind their stay, its days count once, and its amount is added.
select patient_no, claim_id
from stay_bill
where is_elsewhere
