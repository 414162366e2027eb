-- Title: Targeted review in each quarter
-- Topic: MTM
-- Question: In how many of the quarters that people were enrolled in Part D MTM was there a targeted medication review?
-- Counts: A calendar quarter of a patient's enrolment in one contract.
-- Denominator: Calendar quarters with a day of enrolment that ended by the as-of day.
-- Numerator: A targeted review was completed on a day of enrolment in the quarter.
-- Left out: Other programmes; the quarter that is not over; conflicting records.
-- Unit: proportion
-- Better: higher
-- Source: 42 CFR 423.153(d)(1)(vii); CMS memo on contract year 2025 MTM programme submission
-- Limits: A quarter counts from the first day of enrolment on, so that one begun late has little time.
select
    'tmr_each_quarter' as measure,
    enrolled.year,
    patient.patient_id,
    coalesce(enrolled.contract_id, '') || ' Q' || fact.quarter as subject_id,
    (enrolled.program = 'part_d' and fact.is_over)::integer as denominator,
    (enrolled.program = 'part_d' and fact.is_over and fact.tmrs > 0)::integer as numerator,
    case when enrolled.program <> 'part_d' then 'not_part_d' when not fact.is_over then 'quarter_open' end as excluded_because,
    fact.tmrs::double as value,
    'Q' || fact.quarter || ': ' || case fact.tmrs when 0 then 'no review' when 1 then '1 review' else fact.tmrs || ' reviews' end as evidence,
    enrolled.contract_id,
    enrolled.plan,
    coalesce(fact.pharmacy_npi, enrolled.pharmacy_npi) as pharmacy_npi
from mtm_quarter as fact
inner join cmr_fact as enrolled on fact.enrolled_no = enrolled.enrolled_no
inner join patient on fact.patient_no = patient.patient_no
