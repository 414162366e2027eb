-- One row for each barrier to taking a medicine that recommendations of a year name, and each strategy used for it (in somebody's own words, given of fewer than 3 patients of the year: 'in other
-- words'): how many, and of those accepted whether refills followed (verified in claims) and how many days the medicines of the adherence measure covered before and
-- after the answer: followed, those of which both windows can be told; the others by why not (adherence_around_answer); adherent at the measure's threshold.
-- Rows: counts
-- Cells: recommendations = accepted + ~not_accepted; accepted = verified_yes + verified_no + too_early + not_checkable; recommendations, patients add up;
--   accepted = followed + around_open + no_class + not_to_go_on + not_covered + no_fill + excluding_drug + started_later;
--   followed = adherent_before + ~not_before; followed = adherent_after + ~not_after;
--   recommendations, accepted, verified_yes, verified_no, too_early, not_checkable with patients;
--   followed, around_open, no_class, not_to_go_on, not_covered, no_fill, excluding_drug, started_later, adherent_before, adherent_after with patients;
--   window_days, covered_before, covered_after with followed
-- $year integer: the year
-- $only varchar[] optional: filters that keep, each key and each key=value
-- $never varchar[] optional: filters that leave out, each key=value
with strategy_word as (
    select lower(trim(strategy)) as told, min(trim(strategy)) as word
    from recommendation_fact
    where year(identified_date) = $year and barrier is not null and trim(strategy) <> ''
    group by told
    having count(distinct patient_no) >= 3
),

kept as (
    select
        fact.*,
        nullif(shown_word(strategy_word.word, fact.strategy), 'not_stated') as strategy_word,
        around.recommendation_id is not null and around.left_out_because is null as is_followed,
        around.left_out_because,
        around.window_days,
        around.covered_before,
        around.covered_after,
        around.adherent_before,
        around.adherent_after
    from recommendation_fact as fact
    inner join patient on fact.patient_no = patient.patient_no
    left join strategy_word on lower(trim(fact.strategy)) = strategy_word.told
    left join adherence_around_answer as around
        on fact.data_source is not distinct from around.data_source and fact.recommendation_id = around.recommendation_id
    cross join run
    where year(fact.identified_date) = $year
        and fact.barrier is not null
        and chosen_person(
            $only, $never, patient.plan, coalesce(fact.contract_id, patient.contract_id), fact.pharmacy_npi,
            patient.birth_date, run.as_of, patient.gender, patient.language, patient.zip_code
        )
        and chosen_recommendation(
            $only, $never, fact.prescriber_npi, fact.problem, fact.action, fact.channel, fact.recipient, fact.response, fact.age_days,
            fact.verified, fact.service_type, fact.barrier, fact.severity_level, fact.sent_date, fact.resolved,
            fact.identified_date, fact.estimated_cost_avoidance, fact.problem_detail
        )
)

select
    kept.barrier,
    kept.strategy_word,
    count(*) as recommendations,
    count(distinct kept.patient_no) as patients,
    count(*) filter (where kept.accepted) as accepted,
    count(*) filter (where kept.verified = 'yes') as verified_yes,
    count(*) filter (where kept.verified = 'no') as verified_no,
    count(*) filter (where kept.verified = 'too_early') as too_early,
    count(*) filter (where kept.verified = 'not_checkable') as not_checkable,
    count(*) filter (where kept.is_followed) as followed,
    count(*) filter (where kept.left_out_because = 'too_early') as around_open,
    count(*) filter (where kept.left_out_because = 'no_class') as no_class,
    count(*) filter (where kept.left_out_because = 'not_to_go_on') as not_to_go_on,
    count(*) filter (where kept.left_out_because = 'not_covered') as not_covered,
    count(*) filter (where kept.left_out_because = 'no_fill') as no_fill,
    count(*) filter (where kept.left_out_because = 'excluding_drug') as excluding_drug,
    count(*) filter (where kept.left_out_because = 'started_later') as started_later,
    count(*) filter (where kept.adherent_before) as adherent_before,
    count(*) filter (where kept.adherent_after) as adherent_after,
    coalesce(sum(kept.window_days), 0)::integer as window_days,
    coalesce(sum(kept.covered_before), 0)::integer as covered_before,
    coalesce(sum(kept.covered_after), 0)::integer as covered_after,
    (select value::integer from setting where setting = 'around_answer_days') as around_days
from kept
group by kept.barrier, kept.strategy_word
order by kept.barrier, kept.strategy_word nulls last
