-- One row for each accepted recommendation that names a barrier or supports adherence: of the days before and after its answer (setting around_answer_days each), how many the medicines
-- of its adherence measure covered.
-- The day of the answer, else of identification, is the first of the days after. The measures are those that list an ingredient the recommendation is about; where it
-- proposes another medicine, those that list that one too. Days count as in the measure, so many ingredients on hand as it asks for, early refills of an ingredient
-- beginning when the supply before ends; what was dispensed in the year before the first day is still used up. Days in hospital are days like others.
-- left_out_because, the first that holds: no_class (no medicine of an adherence measure named), not_to_go_on (to stop, or to change to a medicine of no measure of the
-- first), too_early (the days after, or the run-out of pharmacy claims after them, are not over), not_covered (pharmacy coverage, or life, not throughout), no_fill (no
-- fill of the class from a year before the first day to the last), excluding_drug (a fill that takes somebody out of the measure), started_later (the first of these
-- fills after the first day: there was nothing to adhere to before). A recommendation about medicines of several measures counts the days of those that none of this
-- leaves out, added up; adherent is then to each.
with window_length as (
    select
        setting.value::integer as days,
        verification.run_out_days,
        run.as_of
    from setting
    cross join run
    inner join verification_window as verification on verification.action = 'adherence_support'
    where setting.setting = 'around_answer_days'
),

barred as (
    select
        row_number() over ()::integer as no,
        fact.patient_no,
        fact.data_source,
        fact.recommendation_id,
        fact.action,
        coalesce(fact.response_date, fact.identified_date) as answered_on,
        coalesce(fact.response_date, fact.identified_date) - length.days as from_on,
        coalesce(fact.response_date, fact.identified_date) + length.days - 1 as to_on,
        length.days,
        length.run_out_days,
        length.as_of,
        coalesce(fact.about, fact.proposed) as about,
        case when fact.action = 'change_drug' then fact.proposed end as proposed
    from recommendation_fact as fact
    cross join window_length as length
    where fact.accepted and (fact.barrier is not null or fact.action = 'adherence_support')
),

class_name as (
    select measure, lower(ingredient) as ingredient from drug_class where role = 'target'
    union
    select measure, lower(ingredient) from ndc_class where role = 'target'
),

text_class as (
    select distinct named.text, class_name.measure
    from (
        select text, trim(unnest(string_split_regex(text, '\s*[;+/|]\s*'))) as ingredient
        from (select about as text from barred union select proposed from barred)
    ) as named
    inner join class_name on named.ingredient = class_name.ingredient
),

rule as (
    select measure, min_ingredients, threshold_percent, row_number() over (order by measure) as measure_no
    from adherence_measure
),

-- A recommendation and a measure of its medicines, numbered together: what follows counts by whole numbers.
asked as materialized (
    select barred.*, barred.no::bigint * 256 + rule.measure_no as asked_no, about.measure, rule.min_ingredients, rule.threshold_percent
    from barred
    inner join text_class as about on barred.about = about.text
    inner join rule on about.measure = rule.measure
    left join text_class as proposed on barred.proposed = proposed.text and about.measure = proposed.measure
    where barred.action <> 'stop' and (barred.proposed is null or proposed.text is not null)
),

class_product as (
    select
        ndc_text.ndc_no,
        rule.measure_no,
        dense_rank() over (order by class.ingredient)::integer as ingredient_no,
        class.role = 'target' as is_target,
        class.valid_from,
        class.valid_to
    from ndc_class as class
    inner join ndc_text on class.ndc_code = ndc_text.ndc_code
    inner join rule on class.measure = rule.measure
),

-- The sum on one side keeps the planner from multiplying the answers by the NDCs of their measures before it looks at the fills.
class_fill as materialized (
    select asked.asked_no, near.ingredient_no, near.is_target, near.dispensed_on, near.days_supply
    from (
        select barred.no::bigint * 256 + class.measure_no as asked_no, class.ingredient_no, class.is_target, fill.dispensed_on, fill.days_supply
        from fill
        inner join barred on fill.patient_no = barred.patient_no and fill.dispensed_on between barred.from_on - 365 and barred.to_on
        inner join class_product as class
            on fill.ndc_no = class.ndc_no
            and (class.valid_from is null or fill.dispensed_on >= class.valid_from)
            and (class.valid_to is null or fill.dispensed_on <= class.valid_to)
    ) as near
    inner join asked on near.asked_no = asked.asked_no
),

filled as (
    select
        asked_no,
        min(dispensed_on) filter (where is_target) as first_on,
        max(dispensed_on) filter (where not is_target) as last_excluding_on
    from class_fill
    group by asked_no
),

judged as materialized (
    select
        asked.*,
        case
            when filled.first_on is null then 'no_fill'
            when filled.last_excluding_on >= asked.from_on then 'excluding_drug'
            when filled.first_on > asked.from_on then 'started_later'
        end as not_counted_because
    from asked
    left join filled on asked.asked_no = filled.asked_no
),

counted as (
    select asked_no, from_on, answered_on, to_on, min_ingredients
    from judged
    where not_counted_because is null
),

-- Fills of one day follow each other: which of them is first changes no day that is covered.
running as (
    select
        *,
        sum(days_supply) over (
            partition by asked_no, ingredient_no
            order by dispensed_on, days_supply
            rows between unbounded preceding and current row
        )::integer as supplied
    from class_fill
    semi join counted on class_fill.asked_no = counted.asked_no
    where is_target
),

-- Fills of the same day and length stand together: their order may differ from one window to the next.
placed as (
    select
        asked_no,
        days_supply,
        max(dispensed_on - (supplied - days_supply)) over (
            partition by asked_no, ingredient_no
            order by dispensed_on, days_supply
        ) + supplied - 1 as supplied_to
    from running
),

piece as (
    select
        placed.asked_no,
        greatest(placed.supplied_to - placed.days_supply + 1, counted.from_on) as from_on,
        least(placed.supplied_to, counted.to_on) as to_on
    from placed
    inner join counted on placed.asked_no = counted.asked_no
),

-- How many ingredients are on hand changes where a piece begins and after it ends; of several changes on one day all but the last hold for no day.
level as (
    select
        asked_no,
        on_day,
        lead(on_day) over later as until_day,
        sum(step) over (later rows between unbounded preceding and current row) as ingredients
    from (
        select asked_no, from_on as on_day, 1 as step from piece where from_on <= to_on
        union all
        select asked_no, to_on + 1, -1 from piece where from_on <= to_on
    )
    window later as (partition by asked_no order by on_day)
),

covered as (
    select
        counted.asked_no,
        coalesce(sum(greatest(0, least(level.until_day, counted.answered_on) - level.on_day)), 0)::integer as before,
        coalesce(sum(greatest(0, level.until_day - greatest(level.on_day, counted.answered_on))), 0)::integer as after
    from counted
    left join level on counted.asked_no = level.asked_no and level.ingredients >= counted.min_ingredients
    group by counted.asked_no
),

told as (
    select
        judged.no,
        array_to_string(list_sort(list(judged.measure) filter (where judged.not_counted_because is null)), ', ') as measures,
        sum(judged.days) filter (where judged.not_counted_because is null)::integer as window_days,
        sum(covered.before)::integer as covered_before,
        sum(covered.after)::integer as covered_after,
        bool_and(covered.before * 100 >= judged.threshold_percent * judged.days) as adherent_before,
        bool_and(covered.after * 100 >= judged.threshold_percent * judged.days) as adherent_after,
        max(judged.not_counted_because) as not_counted_because
    from judged
    left join covered on judged.asked_no = covered.asked_no
    group by judged.no
),

because as (
    select
        barred.*,
        case
            when about.text is null then 'no_class'
            when told.no is null then 'not_to_go_on'
            when barred.to_on + barred.run_out_days > barred.as_of then 'too_early'
            when covered.patient_no is null or patient.death_date <= barred.to_on then 'not_covered'
            when told.measures is null then told.not_counted_because
        end as left_out_because
    from barred
    inner join patient on barred.patient_no = patient.patient_no
    left join told using (no)
    left join (select distinct text from text_class) as about on barred.about = about.text
    left join enrollment_span as covered
        on barred.patient_no = covered.patient_no
        and covered.coverage = 'pharmacy'
        and covered.from_on <= barred.from_on
        and covered.to_on >= barred.to_on
)

select
    because.patient_no,
    because.data_source,
    because.recommendation_id,
    because.answered_on,
    because.days,
    because.left_out_because,
    case when because.left_out_because is null then told.measures end as measures,
    case when because.left_out_because is null then told.window_days end as window_days,
    case when because.left_out_because is null then told.covered_before end as covered_before,
    case when because.left_out_because is null then told.covered_after end as covered_after,
    case when because.left_out_because is null then told.adherent_before end as adherent_before,
    case when because.left_out_because is null then told.adherent_after end as adherent_after
from because
left join told using (no)
order by because.patient_no, because.answered_on
