-- One row for each paid line of an MTM claim that stands, with the session that documents it and the number of its terms. A session documents a line when it is
-- completed, of the same patient and day, and of the same pharmacist where both name one; the session that the claim names goes first, then those of its own
-- source. minutes: the lesser of the minutes written down and those from start to end. service_id is null where nothing documents the line; named then tells
-- of the session that the claim names instead, if it is there.
with session as (
    select
        row_number() over (order by service.data_source nulls first, service.service_id)::integer as session_no,
        person.patient_no,
        service.data_source,
        service.service_id,
        service.contract_id,
        service.service_type,
        service.service_date,
        service.status,
        service.delivery_method,
        service.provider_npi,
        service.pharmacy_npi,
        service.start_time,
        service.end_time,
        least(service.minutes, date_diff('minute', service.start_time, service.end_time))::double as minutes,
        service.medications_reviewed,
        service.summary_sent_date,
        service.summary_standard_format,
        service.prescriber_plan_sent_date,
        service.consent_date,
        service.approval_number,
        service.documented_at,
        service.source_file,
        service.source_line
    from mtm_service as service
    inner join person on service.person_id = person.patient_id
),

asked as (
    select line_no, patient_no, data_source, service_id, service_date, pharmacist_npi
    from mtm_claim_line
    where is_final
),

-- The session that a claim names is in the claim's own source when there is one of its id; otherwise the first source that has one.
named as (
    select
        asked.line_no,
        session.session_no,
        session.data_source is not distinct from asked.data_source as is_own_source,
        session.patient_no = asked.patient_no
        and session.status = 'completed'
        and session.service_date = asked.service_date
        and coalesce(session.provider_npi = asked.pharmacist_npi, true) as fits
    from asked
    inner join session on asked.service_id = session.service_id
),

fitting as (
    select line_no, session_no, is_own_source
    from named
    where fits
),

by_day as (
    select asked.line_no, session.session_no, session.data_source is not distinct from asked.data_source as is_own_source
    from asked
    anti join fitting on asked.line_no = fitting.line_no
    inner join session
        on asked.patient_no = session.patient_no
        and asked.service_date = session.service_date
        and session.status = 'completed'
        and coalesce(session.provider_npi = asked.pharmacist_npi, true)
),

chosen as (
    select line_no, coalesce(min(session_no) filter (where is_own_source), min(session_no)) as session_no
    from (
        select line_no, session_no, is_own_source from fitting
        union all
        select line_no, session_no, is_own_source from by_day
    )
    group by line_no
),

instead as (
    select line_no, coalesce(min(session_no) filter (where is_own_source), min(session_no)) as session_no
    from named
    anti join chosen on named.line_no = chosen.line_no
    group by line_no
),

told as (
    select
        instead.line_no,
        struct_pack(
            is_patient := session.patient_no = asked.patient_no,
            held_on := session.service_date,
            status := session.status,
            provider_npi := session.provider_npi
        ) as named
    from instead
    inner join asked on instead.line_no = asked.line_no
    inner join session on instead.session_no = session.session_no
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
    session.minutes,
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
from mtm_claim_line as line
left join chosen on line.line_no = chosen.line_no
left join told on line.line_no = told.line_no
left join session on chosen.session_no = session.session_no
left join mtm_source as source on session.data_source is not distinct from source.data_source
left join audit_term as term
    on line.program is not distinct from term.program
    and line.payer is not distinct from term.payer
    and line.service_date = term.service_date
where line.is_final
