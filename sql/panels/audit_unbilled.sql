-- One row for each completed session of a year that nobody billed, of the kinds (programme, service and setting) that this data bills, long enough for a unit: what it
-- would pay as of an established patient, the last day to send it, and what its documentation lacks.
-- Rows: patients
-- $year integer: year of service
-- $program varchar optional: part_d, medicaid, commercial or other
-- $pharmacies varchar[] optional: pharmacies, by NPI
-- $first integer: rows to leave out before
-- $rows integer optional: rows at most; all when left out
with billable as (
    select distinct session.program, session.service_type, session.setting
    from audit_claim as claim
    inner join mtm_session as session
        on claim.session_source is not distinct from session.data_source and claim.service_id = session.service_id
),

billed_day as (
    select distinct patient_no, held_on
    from audit_claim
    where not is_reversed and claim_status <> 'reversed'
),

fee as (
    select
        schedule.program,
        schedule.procedure_code,
        schedule.effective_from,
        coalesce(schedule.effective_to, date '9999-12-31') as effective_to,
        max(schedule.unit_fee)::double as unit_fee
    from fee_schedule as schedule
    where schedule.modifier is null
    group by all
),

filing as (
    select known.program, arg_max(told.value, (told.program is not null, told.effective_from))::integer as submit_days
    from (select distinct program from mtm_session) as known
    inner join audit_value as told
        on told.parameter = 'submit_days' and told.payer is null and coalesce(told.program, known.program, '') = coalesce(known.program, '')
    group by known.program
),

session as (
    select
        held.*,
        service.start_time,
        service.end_time,
        time_units(coalesce(held.minutes, date_diff('minute', service.start_time, service.end_time)), 'midpoint') as earned,
        coalesce(filing.submit_days, 365) as submit_days
    from mtm_session as held
    left join filing on held.program is not distinct from filing.program
    inner join mtm_service as service on held.data_source is not distinct from service.data_source and held.service_id = service.service_id
    semi join billable
        on held.program is not distinct from billable.program
        and held.service_type = billable.service_type
        and held.setting is not distinct from billable.setting
    anti join billed_day on held.patient_no = billed_day.patient_no and held.held_on = billed_day.held_on
    where held.status = 'completed'
        and year(held.held_on) = $year
        and ($program is null or held.program = $program)
        and ($pharmacies is null or list_contains($pharmacies, held.pharmacy_npi))
),

worth as (
    select
        session.*,
        first_unit.unit_fee + coalesce(least(session.earned - 1, 4) * further_unit.unit_fee, 0) as worth
    from session
    left join fee as first_unit
        on session.program = first_unit.program
        and first_unit.procedure_code = '99606'
        and session.held_on between first_unit.effective_from and first_unit.effective_to
    left join fee as further_unit
        on session.program = further_unit.program
        and further_unit.procedure_code = '99607'
        and session.held_on between further_unit.effective_from and further_unit.effective_to
    where coalesce(session.earned, 1) > 0
)

select
    patient.pid,
    worth.held_on,
    worth.service_type,
    worth.program,
    worth.pharmacy_npi,
    pharmacy.name as pharmacy_name,
    worth.provider_npi,
    worth.minutes,
    worth.worth as fee,
    (worth.held_on + worth.submit_days)::date as send_by_on,
    (worth.held_on + worth.submit_days) >= run.as_of as can_send,
    concat_ws(', ',
        case when worth.start_time is null or worth.end_time is null then 'start and end' end,
        case when worth.service_type = 'cmr' and worth.summary_sent_on is null then 'summary' end,
        case when worth.program = 'medicaid' and worth.consented_on is null then 'consent' end
    ) as lacks
from worth
cross join run
inner join patient on worth.patient_no = patient.patient_no
left join dispensing_pharmacy as pharmacy on worth.pharmacy_npi = pharmacy.npi
order by can_send desc, send_by_on, patient.pid, worth.service_id
limit $rows offset $first
