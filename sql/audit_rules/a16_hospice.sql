-- Rule: A16
-- Title: In hospice
-- Version: 1
-- Severity: recover
-- Statement: The patient is not in hospice on the day of service, where the programme leaves hospice out.
-- Message: The member was in hospice on the service date.
-- Recovers: the payment of the line
-- Documents: Dates of the hospice election.
-- Needs: eligibility.hospice_start_date
-- Parameters: hospice_excluded
with hospice as (
    select
        person.patient_no,
        eligibility.hospice_start_date as from_on,
        max(coalesce(eligibility.hospice_end_date, date '9999-12-31')) as to_on
    from eligibility
    inner join person on eligibility.person_id = person.patient_id
    where eligibility.hospice_start_date is not null
    group by person.patient_no, eligibility.hospice_start_date
)

select
    line.line_no,
    'not in hospice' as expected,
    'in hospice since ' || day_words(max(hospice.from_on)) as found,
    any_value(line.paid) as at_risk
from audit_line as line
inner join audit_term as term on line.term_no = term.term_no
inner join hospice on line.patient_no = hospice.patient_no and line.service_date between hospice.from_on and hospice.to_on
where term.hospice_excluded = 'yes'
group by line.line_no
