-- Rule: A14
-- Title: After death
-- Version: 1
-- Severity: recover
-- Statement: The day of service is not after the day of death.
-- Message: The service is dated after the death of the member.
-- Recovers: the payment of the line
-- Documents: Correction of the date of service or of the date of death.
-- Needs: eligibility.death_date
select
    line.line_no,
    'a service by ' || day_words(patient.death_date) as expected,
    'service on ' || day_words(line.service_date) || ', ' || (line.service_date - patient.death_date) || ' days after death' as found,
    line.paid as at_risk
from audit_line as line
inner join patient on line.patient_no = patient.patient_no
where line.service_date > patient.death_date
