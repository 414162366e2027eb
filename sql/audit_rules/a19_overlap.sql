-- Rule: A19
-- Title: Two patients at once
-- Version: 1
-- Severity: recover
-- Statement: The documented time of a session does not overlap another patient's with the same pharmacist; one may begin as the other ends.
-- Message: The pharmacist documented two patients at the same time.
-- Recovers: the payment of the line
-- Documents: The appointment book; who held each session.
-- Needs: mtm_service.end_time, mtm_service.provider_npi
with held as (
    select person.patient_no, service.data_source, service.service_id, service.provider_npi, service.service_date, service.start_time, service.end_time
    from mtm_service as service
    inner join person on service.person_id = person.patient_id
    where service.status = 'completed' and service.provider_npi is not null and service.end_time > service.start_time
),

billed as (
    select distinct session_source, service_id
    from audit_line
    where service_id is not null
),

met as (
    select
        one.data_source,
        one.service_id,
        arg_max(
            struct_pack(from_at := other.start_time, to_at := other.end_time),
            (least(one.end_time, other.end_time) - greatest(one.start_time, other.start_time), other.start_time, other.patient_no)
        ) as other
    from held as one
    semi join billed on one.data_source is not distinct from billed.session_source and one.service_id = billed.service_id
    inner join held as other
        on one.provider_npi = other.provider_npi
        and one.service_date = other.service_date
        and one.patient_no <> other.patient_no
        and one.start_time < other.end_time
        and other.start_time < one.end_time
    group by one.data_source, one.service_id
)

select
    line.line_no,
    strftime(line.start_time, '%H:%M') || ' to ' || strftime(line.end_time, '%H:%M') || ' with this patient alone' as expected,
    'another patient from ' || strftime((met.other).from_at, '%H:%M') || ' to ' || strftime((met.other).to_at, '%H:%M') as found,
    line.paid as at_risk
from audit_line as line
inner join met on line.session_source is not distinct from met.data_source and line.service_id = met.service_id
