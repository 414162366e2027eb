-- One row for each way in which completed reviews of a year were held: by delivery method, setting, provider type, recipient or session status.
-- Rows: counts
-- Cells: reviews = summaries_in_time + ~late; reviews = standard_format + ~other_format; reviews adds up; minutes, medications with reviews;
--   hidden rows last by value
-- $year integer: the year
-- $by varchar: delivery_method, setting, provider_type, recipient, language or status
-- $program varchar optional: part_d, medicaid, commercial or other
-- $contracts varchar[] optional: contracts
-- $plans varchar[] optional: plans
-- $pharmacies varchar[] optional: pharmacies, by NPI

select
    case $by
        when 'delivery_method' then session.delivery_method
        when 'setting' then session.setting
        when 'provider_type' then session.provider_type
        when 'recipient' then session.recipient
        when 'language' then session.language
        when 'status' then session.status
    end as value,
    count(*) as reviews,
    avg(session.minutes)::double as minutes,
    avg(session.medications_reviewed)::double as medications,
    count(*) filter (where session.summary_sent_on <= session.held_on + 14) as summaries_in_time,
    count(*) filter (where session.summary_standard_format) as standard_format
from mtm_session as session
inner join patient on session.patient_no = patient.patient_no
where session.service_type = 'cmr'
    and (session.status = 'completed' or $by = 'status')
    and year(session.held_on) = $year
    and ($program is null or session.program = $program)
    and ($contracts is null or list_contains($contracts, session.contract_id))
    and ($plans is null or list_contains($plans, patient.plan))
    and ($pharmacies is null or list_contains($pharmacies, session.pharmacy_npi))
group by value
order by reviews desc, value
