-- Title: Readmissions within 30 days
-- Topic: Hospital
-- Question: Of the discharges from an acute hospital, how many are followed by an unplanned admission within 30 days?
-- Counts: Discharges; a person may have several, and a readmission may be one itself.
-- Denominator: Acute stays of people 18 or older, the last of a chain of transfers, discharged alive in the year and not against advice, with medical coverage on
--   the day and the 30 after (or to death), in one of CMS's five cohorts.
-- Numerator: The first admission from the first to the thirtieth day after was not planned by CMS's algorithm. After a planned one none counts.
-- Left out: In this order: other kinds of stay; transferred on; still there; died; left against advice; age not known or under 18; not covered for 30 days; hospice
--   in the year; pregnancy and perinatal principal diagnoses; no diagnosis group; medical treatment of cancer, rehabilitation and psychiatric care; no cohort; discharged
--   within 30 days of the last discharge in the data; a next admission of which it is not known whether it was planned.
-- Unit: proportion
-- Better: lower
-- Source: CMS hospital-wide readmission measure, planned readmission algorithm 4.0; exclusions of HEDIS PCR by CMS's 2026 technical notes, Attachment F
-- Limits: Observed, not risk-adjusted: not comparable with CMS's or NCQA's rates. Neither 12 months of earlier coverage nor an age of 65 is asked for. Procedures in ICD-9
--   cannot be judged. The last three months are still filling in.
select
    'readmission_30_days' as measure,
    year(stay.discharged_on)::integer as year,
    patient.patient_id,
    stay.stay_id as subject_id,
    readmission.is_index::integer as denominator,
    coalesce(readmission.readmitted_within_30_days, false)::integer as numerator,
    readmission.excluded_because,
    (again.admitted_on - stay.discharged_on)::double as value,
    stay.kind || ' stay ' || strftime(stay.admitted_on, '%-d %b') || ' to ' || strftime(stay.discharged_on, '%-d %b %Y') || coalesce(', ' || stay.principal_diagnosis, '')
        || coalesce('; back ' || strftime(again.admitted_on, '%-d %b %Y') || coalesce(' for ' || again.principal_diagnosis, ''), '') as evidence,
    readmission.plan,
    readmission.contract_id,
    readmission.pharmacy_npi,
    null::varchar as unit
from readmission
inner join stay_fact as stay on readmission.stay_no = stay.stay_no
inner join patient on readmission.patient_no = patient.patient_no
left join stay_fact as again on readmission.readmission_stay_no = again.stay_no
