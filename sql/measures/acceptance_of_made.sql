-- Title: Accepted, of all recommendations made
-- Topic: MTM
-- Question: Of all recommendations made, how many were accepted?
-- Counts: Recommendations.
-- Denominator: Recommendations identified in the year and sent (else identified) 30 days or more before the as-of day. Pending after 30 days counts as no answer.
-- Numerator: Accepted, as proposed or modified.
-- Left out: Younger than 30 days; unable to reach; withdrawn.
-- Unit: proportion
-- Better: higher
-- Source: PCNE classification: acceptance apart from implementation; the age of 30 days is this program's own
-- Limits: As documented, not as seen in claims. Not to be mixed with acceptance of those answered.
with made as (
    select
        *,
        case
            when response in ('unable_to_reach', 'withdrawn') then response
            when age_days < 30 then 'under_30_days'
        end as left_out_because
    from recommendation_fact
)

select
    'acceptance_of_made' as measure,
    year(made.identified_date)::integer as year,
    patient.patient_id,
    made.recommendation_id as subject_id,
    (made.left_out_because is null)::integer as denominator,
    (made.left_out_because is null and made.accepted)::integer as numerator,
    made.left_out_because as excluded_because,
    made.days_to_response::double as value,
    replace(made.action, '_', ' ') || coalesce(' ' || made.ingredient, '') || ': ' || replace(made.response, '_', ' ')
        || coalesce(' ' || strftime(made.response_date, '%-d %b %Y'), '') as evidence,
    coalesce(made.contract_id, patient.contract_id) as contract_id,
    patient.plan,
    made.pharmacy_npi,
    made.prescriber_npi,
    made.provider_npi
from made
inner join patient on made.patient_no = patient.patient_no
