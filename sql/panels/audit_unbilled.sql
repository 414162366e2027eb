-- One row for each completed session of a year that nobody billed: what it would pay, the last day to send it, and the rules that would flag its claim if it were sent as it is.
-- Rows: patients
-- $year integer: year of service
-- $program varchar optional: part_d, medicaid, commercial or other
-- $pharmacies varchar[] optional: pharmacies, by NPI
-- $first integer: rows to leave out before
-- $rows integer optional: rows at most; all when left out
with flagged as (
    select data_source, service_id, string_agg(rule_id, ', ' order by rule_id) as rules
    from unbilled_finding
    group by data_source, service_id
)

select
    patient.pid,
    unbilled.held_on,
    unbilled.service_type,
    unbilled.program,
    unbilled.payer,
    unbilled.pharmacy_npi,
    pharmacy.name as pharmacy_name,
    unbilled.provider_npi,
    unbilled.minutes,
    unbilled.fee,
    unbilled.send_by_on,
    unbilled.send_by_on >= run.as_of as can_send,
    flagged.rules
from unbilled_session as unbilled
cross join run
inner join patient on unbilled.patient_no = patient.patient_no
left join dispensing_pharmacy as pharmacy on unbilled.pharmacy_npi = pharmacy.npi
left join flagged on unbilled.data_source is not distinct from flagged.data_source and unbilled.service_id = flagged.service_id
where year(unbilled.held_on) = $year
    and ($program is null or unbilled.program = $program)
    and ($pharmacies is null or list_contains($pharmacies, unbilled.pharmacy_npi))
order by can_send desc, unbilled.send_by_on, patient.pid, unbilled.service_id
limit $rows offset $first
