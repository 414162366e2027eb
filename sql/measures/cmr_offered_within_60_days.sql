-- Title: Review offered within 60 days
-- Topic: MTM
-- Question: Of the people newly enrolled in Part D MTM, how many were offered a comprehensive review within 60 days?
-- Counts: A patient's first enrolment of the year in one contract.
-- Denominator: Enrolments that began in the year, sixty days after which had passed by the as-of day, or which had an offer by then.
-- Numerator: Offered no later than the sixtieth day after the enrolment day (enrolled on 1 March, offered by 30 April). A session or attempt of a review
--   is an offer too.
-- Left out: Other programmes; enrolments carried over from an earlier year; those still within 60 days; those that ended within them without an offer;
--   conflicting records.
-- Unit: proportion
-- Better: higher
-- Source: CMS memo on contract year 2025 MTM programme submission (guidance, not regulation)
-- Limits: For those carried over the guidance asks for an offer within a year of the last one; that is not measured here, the list of reviews due tells the day.
with known as (
    select fact.* replace (case when fact.first_offered_on <= run.as_of then fact.first_offered_on end as offered_on), run.as_of
    from cmr_fact as fact
    cross join run
),

offered as (
    select
        *,
        (offered_on - enrolled_on)::integer as offer_days,
        case
            when excluded_because = 'conflicting_records' then 'conflicting_records'
            when program <> 'part_d' then 'not_part_d'
            when year(enrolled_on) < year then 'carried_over'
            when ended_on <= enrolled_on + 60 and coalesce(offered_on >= ended_on, true) then 'ended_before_due'
            when offered_on is null and enrolled_on + 60 > as_of then 'not_yet_due'
        end as left_out_because
    from known
)

select
    'cmr_offered_within_60_days' as measure,
    offered.year,
    patient.patient_id,
    coalesce(offered.contract_id, '') as subject_id,
    (offered.left_out_because is null)::integer as denominator,
    (offered.left_out_because is null and coalesce(offered.offer_days <= 60, false))::integer as numerator,
    offered.left_out_because as excluded_because,
    offered.offer_days::double as value,
    'Enrolled ' || strftime(offered.enrolled_on, '%-d %b %Y')
        || coalesce('; offered ' || strftime(offered.offered_on, '%-d %b %Y'), '; no offer') as evidence,
    offered.contract_id,
    offered.plan,
    offered.pharmacy_npi
from offered
inner join patient on offered.patient_no = patient.patient_no
