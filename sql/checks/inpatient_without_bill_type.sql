-- Severity: warning
-- Sentence: An institutional claim with a day of admission has no bill type: it is not known whether it is a stay, and it counts as none.
select distinct person.patient_no, claim.claim_id
from medical_claim as claim
inner join person on claim.person_id = person.patient_id
where claim.bill_type_code is null
    and claim.admission_date is not null
    and coalesce(claim.claim_type, 'institutional') = 'institutional'
    and claim.claim_status in ('paid', 'adjusted')
