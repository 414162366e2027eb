-- Title: Adherent before the answer to a named barrier
-- Topic: MTM
-- Question: Where an accepted recommendation names a barrier to taking medicines, how often did they cover enough of the days before the answer?
-- Counts: Accepted recommendations that name a barrier.
-- Denominator: Such recommendations identified in the year whose days before and after the answer (setting around_answer_days each) can be told.
-- Numerator: The medicines of the adherence measure covered as many of the days before the answer as the measure asks for (80%, antiretrovirals 90%).
-- Left out: No medicine of an adherence measure; to stop, or to change to another class; the days after or the run-out of claims not over; not covered throughout; no fill; an excluding medicine; first filled later.
-- Unit: proportion
-- Better: higher
-- Source: This program's own; days as in the adherence measures (CMS 2026 Star Ratings technical notes), over other days
-- Limits: Described, no effect: who is chosen because adherence was low does better later by itself (regression to the mean), and nobody is compared with. Days in hospital are days like others.
select
    'barrier_adherent_before' as measure,
    year(fact.identified_date)::integer as year,
    patient.patient_id,
    fact.recommendation_id as subject_id,
    (around.left_out_because is null)::integer as denominator,
    coalesce(around.adherent_before, false)::integer as numerator,
    around.left_out_because as excluded_because,
    around.covered_before::double / around.window_days as value,
    coalesce(
        around.covered_before || ' of ' || around.window_days || ' days covered before the answer, ' || around.covered_after || ' of ' || around.window_days || ' after it',
        'not computable'
    ) as evidence,
    coalesce(fact.contract_id, patient.contract_id) as contract_id,
    patient.plan,
    fact.pharmacy_npi,
    fact.prescriber_npi,
    fact.provider_npi
from adherence_around_answer as around
inner join recommendation_fact as fact
    on around.data_source is not distinct from fact.data_source and around.recommendation_id = fact.recommendation_id
inner join patient on around.patient_no = patient.patient_no
where fact.barrier is not null
