-- One row for each paid line of an MTM claim that stands, with the session that documents it and the number of its terms. A session documents a line when it is
-- completed, of the same patient and day, and of the same pharmacist where both name one; the session that the claim names goes first, then those of its own
-- source. minutes: the lesser of the minutes written down and those from start to end. service_id is null where nothing documents the line; named_* tell the
-- session that the claim names instead.
with line as (
    select *
    from mtm_claim_line
    where is_final
),

session as (
    select
        person.patient_no,
        service.*,
        date_diff('minute', service.start_time, service.end_time) as span_minutes
    from mtm_service as service
    inner join person on service.person_id = person.patient_id
),

named as (
    select
        line.line_no,
        session.data_source as session_source,
        session.service_id,
        session.patient_no = line.patient_no as is_patient,
        session.service_date as held_on,
        session.status,
        session.provider_npi,
        session.data_source is not distinct from line.data_source as is_own_source,
        session.patient_no = line.patient_no
        and session.status = 'completed'
        and session.service_date = line.service_date
        and coalesce(session.provider_npi = line.pharmacist_npi, true) as fits
    from line
    inner join session on line.service_id = session.service_id
),

by_day as (
    select
        line.line_no,
        session.data_source as session_source,
        session.service_id,
        session.data_source is not distinct from line.data_source as is_own_source
    from line
    inner join session
        on line.patient_no = session.patient_no
        and line.service_date = session.service_date
        and session.status = 'completed'
        and coalesce(session.provider_npi = line.pharmacist_npi, true)
    anti join (select line_no from named where fits) as known on line.line_no = known.line_no
),

chosen as (
    select
        line_no,
        arg_min(struct_pack(source := session_source, id := service_id), (not is_own_source, coalesce(session_source, ''), service_id)) as session
    from (
        select line_no, session_source, service_id, is_own_source from named where fits
        union all
        select line_no, session_source, service_id, is_own_source from by_day
    )
    group by line_no
),

told as (
    select
        line_no,
        arg_min(
            struct_pack(is_patient := is_patient, held_on := held_on, status := status, provider_npi := provider_npi),
            (not is_own_source, coalesce(session_source, ''))
        ) as named
    from named
    group by line_no
)

select
    line.line_no,
    line.patient_no,
    line.data_source,
    line.claim_id,
    line.claim_line_number,
    line.payer,
    line.plan,
    line.program,
    line.service_date,
    line.procedure_code,
    line.modifier,
    line.units::double as units,
    coalesce(line.pharmacist_npi, session.provider_npi) as pharmacist_npi,
    coalesce(line.pharmacy_npi, session.pharmacy_npi) as pharmacy_npi,
    line.place_of_service_code,
    line.billed_amount::double as billed,
    line.allowed_amount::double as allowed,
    greatest(line.paid_amount, 0)::double as paid,
    coalesce(line.patient_paid_amount, 0)::double as patient_paid,
    line.submitted_date as submitted_on,
    line.paid_date as paid_on,
    line.claim_format,
    line.approval_number,
    line.procedure_code in ('99605', '99606') as is_primary,
    line.procedure_code = '99607' as is_add_on,
    line.service_id as claimed_service_id,
    told.named,
    session.data_source as session_source,
    session.service_id,
    session.service_type,
    session.contract_id,
    session.delivery_method,
    least(session.minutes, session.span_minutes)::double as minutes,
    session.start_time,
    session.end_time,
    session.medications_reviewed,
    session.summary_sent_date as summary_sent_on,
    session.summary_standard_format,
    session.prescriber_plan_sent_date as prescriber_plan_sent_on,
    session.consent_date as consented_on,
    session.approval_number as session_approval,
    session.documented_at,
    source.tells_times,
    source.tells_minutes,
    source.tells_documented_at,
    source.tells_summary,
    source.tells_standard_format,
    source.tells_consent,
    term.term_no,
    line.source_file,
    line.source_line,
    line.load_id,
    session.source_file as session_file,
    session.source_line as session_line
from line
left join chosen on line.line_no = chosen.line_no
left join told on line.line_no = told.line_no
left join session
    on (chosen.session).source is not distinct from session.data_source
    and (chosen.session).id = session.service_id
left join mtm_source as source on session.data_source is not distinct from source.data_source
left join audit_term as term
    on line.program is not distinct from term.program
    and line.payer is not distinct from term.payer
    and line.service_date = term.service_date
order by line.line_no
