-- One row for each completed session that nobody billed, of the kinds (programme, service and setting) that this data bills, long enough for a unit: what it would
-- pay as of an established patient (99606, then 99607) at the programme's highest fee, and the last day to send it, by what audit_value asks of its programme and
-- payer. payer: that of the patient's last MTM claim of the programme, null without one.
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

known_payer as (
    select patient_no, program, arg_max(payer, (service_date, payer)) as payer
    from mtm_claim_line
    where payer is not null
    group by patient_no, program
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

session as (
    select
        held.*,
        known_payer.payer,
        term.submit_days,
        time_units(coalesce(held.minutes, date_diff('minute', service.start_time, service.end_time)), term.time_rule) as earned,
        case when earned is null then 1 else least(earned, 1 + term.most_add_on_units) end::integer as units
    from mtm_session as held
    inner join mtm_service as service on held.data_source is not distinct from service.data_source and held.service_id = service.service_id
    left join known_payer on held.patient_no = known_payer.patient_no and held.program = known_payer.program
    inner join audit_term as term
        on held.program is not distinct from term.program
        and known_payer.payer is not distinct from term.payer
        and held.held_on = term.service_date
    semi join billable
        on held.program is not distinct from billable.program
        and held.service_type = billable.service_type
        and held.setting is not distinct from billable.setting
    anti join billed_day on held.patient_no = billed_day.patient_no and held.held_on = billed_day.held_on
    where held.status = 'completed'
)

select
    session.patient_no,
    session.data_source,
    session.service_id,
    session.held_on,
    session.service_type,
    session.program,
    session.payer,
    session.pharmacy_npi,
    session.provider_npi,
    session.minutes,
    session.units,
    first_unit.unit_fee + coalesce((session.units - 1) * further_unit.unit_fee, 0) as fee,
    session.held_on + session.submit_days as send_by_on
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
order by session.patient_no, session.held_on
