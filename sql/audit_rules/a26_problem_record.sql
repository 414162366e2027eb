-- Rule: A26
-- Title: Incomplete problem
-- Version: 1
-- Severity: correct
-- Statement: Each problem of the session names its medicine, and its prescriber when the recommendation went to one.
-- Message: The record of a problem is incomplete.
-- Recovers: nothing
-- Documents: The completed problem record.
-- Needs: mtm_recommendation
with incomplete as (
    select
        person.patient_no,
        recommendation.data_source,
        recommendation.service_id,
        count(*) as problems,
        bool_or(ndc_code is null and ingredient is null and new_ingredient is null) as no_drug,
        bool_or(recipient in ('prescriber', 'both') and prescriber_npi is null) as no_prescriber
    from mtm_recommendation as recommendation
    inner join person on recommendation.person_id = person.patient_id
    where (ndc_code is null and ingredient is null and new_ingredient is null) or (recipient in ('prescriber', 'both') and prescriber_npi is null)
    group by person.patient_no, recommendation.data_source, recommendation.service_id
)

select
    line.line_no,
    'medicine and prescriber of each problem' as expected,
    incomplete.problems || case when incomplete.problems = 1 then ' problem without ' else ' problems without ' end
    || concat_ws(' and ', case when incomplete.no_drug then 'a medicine' end, case when incomplete.no_prescriber then 'a prescriber' end) as found,
    0 as at_risk
from audit_line as line
inner join incomplete
    on line.patient_no = incomplete.patient_no
    and line.session_source is not distinct from incomplete.data_source
    and line.service_id = incomplete.service_id
