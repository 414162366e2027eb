-- Rule: A15
-- Title: During a stay
-- Version: 1
-- Severity: recover
-- Statement: The patient is not in hospital, swing bed or skilled nursing on the day of service; the days of admission and discharge are open to a
--   service.
-- Message: The member was an inpatient on the service date.
-- Recovers: the payment of the line
-- Documents: The place and time of the session; dates of admission and discharge.
-- Needs: medical_claim
-- Parameters: phone_in_stay
select
    line.line_no,
    'not in hospital or skilled nursing' as expected,
    'in ' || stay.kind || ' care from ' || day_words(stay.from_on) || ' to ' || day_words(stay.to_on) as found,
    line.paid as at_risk
from audit_line as line
inner join audit_term as term on line.term_no = term.term_no
inner join stay_span as stay
    on line.patient_no = stay.patient_no and line.service_date > stay.from_on and line.service_date < stay.to_on
where not (term.phone_in_stay = 'yes' and coalesce(line.delivery_method in ('02', '03'), false))
