-- One row for each barrier to taking a medicine that recommendations of a year name, and each strategy used for it (in somebody's own words, given of fewer than 3 patients: 'in other
-- words'): how many, and of those accepted whether refills followed (verified in claims).
-- Rows: counts
-- Cells: recommendations = accepted + ~not_accepted; accepted = verified_yes + verified_no + too_early + not_checkable; recommendations, patients add up;
--   recommendations, accepted, verified_yes, verified_no, too_early, not_checkable with patients
-- $year integer: the year
-- $only varchar[] optional: filters that keep, each key and each key=value
-- $never varchar[] optional: filters that leave out, each key=value
with kept as (
    select fact.*, lower(trim(fact.strategy)) as told
    from recommendation_fact as fact
    inner join patient on fact.patient_no = patient.patient_no
    cross join run
    where year(fact.identified_date) = $year
        and fact.barrier is not null
        and chosen_person(
            $only, $never, patient.plan, coalesce(fact.contract_id, patient.contract_id), fact.pharmacy_npi,
            patient.birth_date, run.as_of, patient.gender, patient.language, patient.zip_code
        )
        and chosen_recommendation(
            $only, $never, fact.prescriber_npi, fact.problem, fact.action, fact.channel, fact.recipient, fact.response, fact.age_days,
            fact.verified, fact.service_type
        )
),

common as (
    select told, any_value(trim(strategy)) as strategy, count(distinct patient_no) >= 3 as is_common
    from kept
    where told <> ''
    group by told
)

select
    kept.barrier,
    case when common.is_common then common.strategy when kept.told <> '' then 'in other words' end as strategy_word,
    count(*) as recommendations,
    count(distinct kept.patient_no) as patients,
    count(*) filter (where kept.accepted) as accepted,
    count(*) filter (where kept.verified = 'yes') as verified_yes,
    count(*) filter (where kept.verified = 'no') as verified_no,
    count(*) filter (where kept.verified = 'too_early') as too_early,
    count(*) filter (where kept.verified = 'not_checkable') as not_checkable
from kept
left join common on kept.told = common.told
group by kept.barrier, strategy_word
order by kept.barrier, strategy_word nulls last
