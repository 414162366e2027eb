-- Severity: warning
-- Sentence: A stay that is over has no day of discharge on its last bill; its last day of service is taken.
select patient_no, stay_id
from stay_fact
where no_discharge_day and not is_open
