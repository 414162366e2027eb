-- Title: Comprehensive medication reviews completed
-- Topic: MTM
-- Question: Of the Part D members who belong in MTM, how many had a comprehensive medication review in the year?
-- Counts: A patient in one contract and year.
-- Denominator: People 18 or older on 1 January who met the CMS targeting criteria by the year's end and were enrolled in MTM for 60 days or more in the
--   contract (the enrolment day counts, the opt-out day does not); those enrolled for less only when a review was completed.
-- Numerator: A completed review during the enrolment, in the year.
-- Left out: Other programmes; criteria not met; hospice at any time in the year; under 18; under 60 days without a review; several enrolments in one
--   contract with days in common that say different things; people on no roster, whose age is not known.
-- Unit: proportion
-- Better: higher
-- Source: CMS 2026 Star Ratings technical notes, measure D11 and attachment N
-- Limits: An internal estimate, not CMS's own rate. Enrolment is counted to the year's end while the year is open. A source that gives the targeting
--   criteria for nobody is taken to enrol those who meet them. Each contract is judged alone.
select
    'cmr_completion' as measure,
    fact.year,
    patient.patient_id,
    coalesce(fact.contract_id, '') as subject_id,
    fact.in_denominator::integer as denominator,
    (fact.in_denominator and fact.completed)::integer as numerator,
    fact.excluded_because,
    fact.days_to_cmr::double as value,
    coalesce(fact.enrolled_days || ' days enrolled in ' || fact.year, 'records conflict in ' || fact.year) || '; '
        || case when fact.completed then 'review ' || strftime(fact.first_cmr_on, '%-d %b') else 'no review' end as evidence,
    fact.contract_id,
    fact.plan,
    fact.pharmacy_npi,
    fact.provider_npi
from cmr_fact as fact
inner join patient on fact.patient_no = patient.patient_no
