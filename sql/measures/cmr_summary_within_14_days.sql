-- Title: Summary within 14 days of the review
-- Topic: MTM
-- Question: Of the people who had a comprehensive review in Part D MTM, how many were sent the written summary within 14 days?
-- Counts: A patient's first completed review of the year in one contract.
-- Denominator: First completed reviews whose fourteenth day had passed by the as-of day, or whose summary was sent by then.
-- Numerator: The summary was sent no later than the fourteenth day after the review.
-- Left out: Other programmes; reviews of the last 14 days without a summary yet; sources that never say when a summary was sent; conflicting records.
-- Unit: proportion
-- Better: higher
-- Source: 42 CFR 423.153(d)(1)(vii); CMS standardized format, form CMS-10396
-- Limits: Whether the summary is in CMS's standard format is told beside it and not asked for here.
with summary_given as (
    select data_source
    from mtm_session
    where service_type = 'cmr' and summary_sent_on is not null
    group by data_source
),

sent as (
    select
        fact.*,
        case
            when fact.excluded_because = 'conflicting_records' then 'conflicting_records'
            when fact.program <> 'part_d' then 'not_part_d'
            when summary_given.data_source is null then 'not_documented'
            when coalesce(fact.summary_sent_on > run.as_of, true) and fact.first_cmr_on + 14 > run.as_of then 'not_yet_due'
        end as left_out_because
    from cmr_fact as fact
    cross join run
    left join summary_given on fact.data_source = summary_given.data_source
    where fact.completed
)

select
    'cmr_summary_within_14_days' as measure,
    sent.year,
    patient.patient_id,
    sent.service_id as subject_id,
    (sent.left_out_because is null)::integer as denominator,
    (sent.left_out_because is null and coalesce(sent.summary_days <= 14, false))::integer as numerator,
    sent.left_out_because as excluded_because,
    sent.summary_days::double as value,
    'Review ' || strftime(sent.first_cmr_on, '%-d %b')
        || coalesce('; summary sent ' || strftime(sent.summary_sent_on, '%-d %b') || ', ' || sent.summary_days || ' days later', '; no summary sent')
        || case when sent.summary_standard_format is null then '' when sent.summary_standard_format then ', standard format' else ', not in standard format' end as evidence,
    sent.contract_id,
    sent.plan,
    sent.pharmacy_npi,
    sent.provider_npi
from sent
inner join patient on sent.patient_no = patient.patient_no
