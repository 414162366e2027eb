-- Severity: warning
-- Sentence: A fill is before the birth day that a later roster gives; it still counts. The birth day or the claim is wrong.
select fill.patient_no, fill.claim_id
from fill
inner join patient on fill.patient_no = patient.patient_no
where fill.dispensed_on < patient.birth_date
