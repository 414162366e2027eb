-- One row for each group of the completed sessions of one kind in a year (by remote or in person, setting, kind of provider): of the elements required of them and applicable, how many
-- are documented as yes; and how many sessions left a recommendation.
-- Rows: counts
-- Cells: denominator = numerator + ~rest; required = denominator + not_applicable; required, sessions, patients add up; sessions = with_recommendation + ~without; minutes, required, not_applicable are never told;
--   denominator, numerator, sessions, with_recommendation with patients
-- $year integer: the year
-- $only varchar[] optional: filters that keep, each key and each key=value
-- $never varchar[] optional: filters that leave out, each key=value
-- $service_type varchar: the kind of session
-- $unit varchar: way, setting or provider
with kept as (
    select
        held.*,
        review_group(
            $unit, patient.plan, coalesce(held.contract_id, patient.contract_id), held.pharmacy_npi,
            held.delivery_method, held.setting, held.provider_type, held.recipient
        ) as value
    from mtm_session as held
    inner join patient on held.patient_no = patient.patient_no
    cross join run
    where held.status = 'completed'
        and held.service_type = $service_type
        and year(held.held_on) = $year
        and chosen_person(
            $only, $never, patient.plan, coalesce(held.contract_id, patient.contract_id), held.pharmacy_npi,
            patient.birth_date, run.as_of, patient.gender, patient.language, patient.zip_code
        )
),

recommended as (
    select distinct session_no
    from recommendation_fact
)

select
    kept.value,
    count(distinct kept.patient_no) as patients,
    count(*) as sessions,
    count(*) filter (where recommended.session_no is not null) as with_recommendation,
    coalesce(sum(complete.required), 0)::bigint as required,
    coalesce(sum(complete.not_applicable), 0)::bigint as not_applicable,
    coalesce(sum(complete.required - complete.not_applicable), 0)::bigint as denominator,
    coalesce(sum(complete.yes), 0)::bigint as numerator,
    median(kept.minutes)::double as minutes
from kept
left join mtm_session_completeness as complete on kept.session_no = complete.session_no
left join recommended on kept.session_no = recommended.session_no
group by kept.value
order by kept.value nulls last
