-- Severity: warning
-- Sentence: A stay's last bill says that the patient is still there, 60 days or more before the as-of day: a later bill is missing.
select stay_fact.patient_no, stay_fact.stay_id
from stay_fact
inner join run on stay_fact.discharged_on <= run.as_of - 60
where stay_fact.is_open
