-- Title: Summary in standard format
-- Topic: MTM
-- Question: Of the summaries sent after a comprehensive review in Part D MTM, how many were in CMS's standard format?
-- Counts: A patient's first completed review of the year in one contract.
-- Denominator: First completed reviews whose summary was sent by the as-of day and said to be in the standard format or not.
-- Numerator: The summary was in the standard format.
-- Left out: Other programmes; conflicting records; reviews without a summary by the as-of day; summaries of which the documentation does not say it.
-- Unit: proportion
-- Better: higher
-- Source: 42 CFR 423.153(d)(1)(vii); CMS standardized format, form CMS-10396
-- Limits: As documented: the summary itself is not read. Whether it was sent in time is a measure of its own.
with sent as (
    select
        fact.*,
        case
            when fact.excluded_because = 'conflicting_records' then 'conflicting_records'
            when fact.program <> 'part_d' then 'not_part_d'
            when coalesce(fact.summary_sent_on > run.as_of, true) then 'no_summary'
            when fact.summary_standard_format is null then 'format_not_stated'
        end as left_out_because
    from cmr_fact as fact
    cross join run
    where fact.completed
)

select
    'cmr_summary_standard_format' as measure,
    sent.year,
    patient.patient_id,
    sent.service_id as subject_id,
    (sent.left_out_because is null)::integer as denominator,
    (sent.left_out_because is null and sent.summary_standard_format)::integer as numerator,
    sent.left_out_because as excluded_because,
    null::double as value,
    'Review ' || strftime(sent.first_cmr_on, '%-d %b') || coalesce('; summary sent ' || strftime(sent.summary_sent_on, '%-d %b'), '; no summary sent')
        || case when sent.summary_standard_format is null then '' when sent.summary_standard_format then ', standard format' else ', not in standard format' end as evidence,
    sent.contract_id,
    sent.plan,
    sent.pharmacy_npi,
    sent.provider_npi
from sent
inner join patient on sent.patient_no = patient.patient_no
