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
-- Limits: For those carried over the guidance asks for an offer within a year of the last one; that is not measured here.
with offered as (
    select
        fact.*,
        run.as_of,
        (fact.offered_on - fact.enrolled_on)::integer as offer_days,
        case
            when fact.excluded_because = 'conflicting_records' then 'conflicting_records'
            when fact.program <> 'part_d' then 'not_part_d'
            when year(fact.enrolled_on) < fact.year then 'carried_over'
            when fact.offered_on is not null then null
            when coalesce(fact.opted_out_on <= fact.enrolled_on + 60, false) then 'ended_before_due'
            when fact.enrolled_on + 60 > run.as_of then 'not_yet_due'
        end as left_out_because
    from cmr_fact as fact
    cross join run
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
