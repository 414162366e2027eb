-- One row for each line of the claim that would be sent on the as-of day for a session that nobody billed: 99606, and 99607 for the units after the first. Nothing is paid of it yet.
-- Its columns are those of mtm_claim_line; line_no goes on after the last line there is.
select
    ((select coalesce(max(line_no), 0) from mtm_claim_line) + row_number() over (order by session.patient_no, session.held_on, session.service_id, line.number))::integer as line_no,
    session.patient_no,
    session.data_source,
    'unbilled ' || session.service_id as claim_id,
    line.number as claim_line_number,
    session.service_id,
    session.payer,
    session.program,
    session.held_on as service_date,
    line.procedure_code,
    line.units,
    session.provider_npi as pharmacist_npi,
    session.pharmacy_npi,
    0 as paid_amount,
    run.as_of as submitted_date,
    'paid' as claim_status,
    true as is_final
from unbilled_session as session
cross join run
inner join lateral (
    select 1 as number, '99606' as procedure_code, 1 as units
    union all
    select 2, '99607', session.units - 1
    where session.units > 1
) as line on true
