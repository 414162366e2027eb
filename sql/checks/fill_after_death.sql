-- Severity: warning
-- Sentence: A fill is after the day of death; it does not count. The death or the claim is wrong.
select fill.patient_no, fill.claim_id
from fill
inner join patient on fill.patient_no = patient.patient_no
where fill.dispensed_on > patient.death_date
