-- Family: adherence
-- Title: {title}
-- Topic: Adherence
-- Question: Of the people who take a {drug_word}, how many had it on hand on at least {threshold_percent}% of the days?
-- Counts: Patients.
-- Denominator: People {min_age} or older on 1 January with fills of the class on two or more days of the year, enrolled without a gap from
--   the first of them to the earliest of the last enrolled day of the year, death and 31 December, that period being 91 days or longer.
-- Numerator: Those whose covered days, times 100, are at least {threshold_percent} times the days elapsed so far, in whole numbers. A day is covered
--   when a fill's days' supply reaches it; an early refill of the same ingredient starts when the earlier supply ends; days in a
--   hospital or skilled nursing facility are taken out up to 2025, and their supply moves to later days.
-- Left out: Not enrolled on any fill day; under {min_age}; hospice; end-stage renal disease where the measure leaves it out; an exclusion drug inside
--   the period; a gap in coverage; fills on one day only; a period under 91 days; stays that cover the whole period.
-- Unit: proportion
-- Better: higher
-- Source: {source}
-- Limits: An internal estimate by the public CMS technical notes, not CMS's own rate and not risk-adjusted. Fills paid in cash are not seen.
--   The pharmacy view assumes coverage from the first fill on and knows neither age nor medical claims: not comparable with Star rates.
--   Until the year ends the rate is to date, and moves most while periods are short.
select
    fact.measure,
    fact.year,
    patient.patient_id,
    patient.patient_id as subject_id,
    fact.in_denominator::integer as denominator,
    (fact.in_denominator and fact.adherent)::integer as numerator,
    fact.excluded_because,
    fact.pdc as value,
    fact.covered_days || ' of ' || fact.elapsed_days || ' days covered, ' || fact.fills
        || case when fact.fills = 1 then ' fill' else ' fills' end as evidence
from adherence_fact as fact
inner join patient on fact.patient_no = patient.patient_no
