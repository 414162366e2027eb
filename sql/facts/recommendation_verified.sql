-- One row for each accepted recommendation identified by the as-of day: what later claims show of it.
-- The window, its length, the claims' run-out and what must be seen in it come from verification_window, by action; it starts on the day of the answer, else the day of identification, that day included:
--   new_ingredient: a fill with every ingredient proposed; no_fill: no fill of the ingredient until window_days after the later of the answer and the
--   last day of the supply then on hand (fills of the year before, an early refill starting when the earlier supply ends); higher_dose, lower_dose:
--   strength times units a day against the last fill before, the same ingredients and unit; long_fill: a fill for `least` days or more; refill: a
--   fill; lower_cost: a fill whose price a day is lower than the last one's before; monitoring, immunization: a code of verification_code.
-- too_early: not seen, and the window or the run-out after it is not over. not_checkable: no such action, no ingredient that the drug tables
-- know, nothing before the answer to compare with or to stop; and where nothing is seen, claims that would not tell of it: the patient not covered on every day
-- of the window (of it up to the as-of day while it lasts; until death), a fill in it whose dose or price cannot be told, or no pharmacy claims at all; for
-- monitoring no medical ones, and for immunization, which either may show, not both. Somebody on no roster is followed by the fills of the pharmacies that send them.
with known_ingredient as (
    select distinct unnest(ingredients) as ingredient from reference_drug
    union
    select distinct ingredient from user_drug where ingredient is not null
),

asked as materialized (
    select
        row_number() over () as recommendation_no,
        person.patient_no,
        recommendation.data_source,
        recommendation.recommendation_id,
        coalesce(recommendation.response_date, recommendation.identified_date) as answered_on,
        run.as_of,
        verification.shown_by,
        verification.window_days,
        verification.run_out_days,
        verification.least,
        coalesce(named.text, array_to_string(drug.ingredients, ';')) as about,
        case
            when verification.shown_by = 'new_ingredient' and recommendation.action <> 'start' then proposed.text
            when verification.shown_by in ('new_ingredient', 'lower_cost') then coalesce(proposed.text, about)
            when verification.shown_by in ('monitoring', 'immunization') then coalesce(named.text, proposed.text, array_to_string(drug.ingredients, ';'))
            else about
        end as target
    from mtm_recommendation as recommendation
    inner join person on recommendation.person_id = person.patient_id
    cross join run
    left join drug on recommendation.ndc_code = drug.ndc_code
    left join named_medicine as named on lower(trim(recommendation.ingredient)) = named.written
    left join named_medicine as proposed on lower(trim(recommendation.new_ingredient)) = proposed.written
    left join verification_window as verification on recommendation.action = verification.action
    where recommendation.response in ('accepted', 'modified') and recommendation.identified_date <= (select as_of from run)
),

-- The NDCs in claims that hold every ingredient of a text such as "amlodipine; benazepril". Texts are numbered, so that fills are looked up by whole numbers.
named as materialized (
    select
        row_number() over ()::integer as text_no,
        text,
        list_filter(list_transform(string_split_regex(text, '\s*[;+/|]\s*'), lambda part: trim(part)), lambda part: part <> '') as parts
    from (select target as text from asked union select about from asked)
    where text is not null
),

part as (
    select distinct text_no, unnest(parts) as ingredient, len(parts) as parts
    from named
),

known_text as (
    select named.text
    from (
        select part.text_no
        from part
        inner join known_ingredient using (ingredient)
        group by part.text_no
        having count(*) = any_value(part.parts)
    ) as known
    inner join named using (text_no)
),

ndc_ingredient as (
    select drug.ndc_code, ndc_text.ndc_no, unnest(drug.ingredients) as ingredient
    from drug
    inner join ndc_text on drug.ndc_code = ndc_text.ndc_code
    where drug.ndc_match <> 'none'
),

text_ndc as (
    select part.text_no, ndc_ingredient.ndc_no
    from part
    inner join ndc_ingredient using (ingredient)
    group by part.text_no, ndc_ingredient.ndc_no
    having count(*) = any_value(part.parts)
    union
    select named.text_no, ndc_ingredient.ndc_no
    from asked
    inner join named on asked.target = named.text
    inner join verification_code as code
        on asked.shown_by = code.shown_by and asked.target = code.ingredient and code.code_system = 'drug'
    inner join ndc_ingredient on starts_with(ndc_ingredient.ingredient, code.code)
    union
    select named.text_no, ndc_text.ndc_no
    from asked
    inner join named on asked.target = named.text
    inner join verification_code as code
        on asked.shown_by = code.shown_by and asked.target = code.ingredient and code.code_system = 'ndc'
    inner join ndc_text on code.code = ndc_text.ndc_code
),

-- The days of fills that an answer leans on: of the year before, where something is compared or stopped, and of the window. Patient and text are one whole
-- number, so that the planner cannot multiply the answers by the NDCs of their texts before it looks at the fills.
sought as (
    select
        asked.recommendation_no,
        asked.shown_by,
        asked.answered_on,
        asked.patient_no,
        asked.patient_no * 4294967296 + named.text_no as patient_text,
        asked.answered_on - 365 as from_on,
        asked.answered_on - 1 as to_on
    from asked
    inner join named on asked.about = named.text
    where asked.shown_by in ('higher_dose', 'lower_dose', 'lower_cost')
    union all
    select
        asked.recommendation_no,
        asked.shown_by,
        asked.answered_on,
        asked.patient_no,
        asked.patient_no * 4294967296 + named.text_no,
        case asked.shown_by when 'no_fill' then asked.answered_on - 365 else asked.answered_on end,
        case asked.shown_by when 'no_fill' then asked.as_of else asked.answered_on + asked.window_days end
    from asked
    inner join named on asked.target = named.text
    where asked.shown_by <> 'monitoring'
),

near_fill as materialized (
    select
        sought.recommendation_no,
        sought.shown_by,
        fill.ndc_no,
        fill.dispensed_on,
        fill.days_supply,
        fill.claim_id,
        fill.data_source as claim_source,
        fill.claim_line_number,
        fill.quantity,
        fill.price,
        fill.dispensed_on < sought.answered_on as is_before
    from fill
    inner join text_ndc on fill.ndc_no = text_ndc.ndc_no
    inner join sought
        on fill.patient_no = sought.patient_no
        and fill.patient_no * 4294967296 + text_ndc.text_no = sought.patient_text
        and fill.dispensed_on between sought.from_on and sought.to_on
),

-- A fill is packed into one whole number, its day before its days of supply (366 at most); each begins when the earlier supply has ended.
on_hand as (
    select
        recommendation_no,
        date '1970-01-01' + (list_reduce(
            list_sort(list((dispensed_on - date '1970-01-01') * 1024 + days_supply)),
            lambda ended, fill: greatest(ended, fill // 1024) + fill % 1024,
            0
        ) - 1)::integer as last_day
    from near_fill
    where shown_by = 'no_fill' and is_before
    group by recommendation_no
),

dosed as (
    select
        near_fill.recommendation_no,
        near_fill.dispensed_on,
        near_fill.claim_id,
        near_fill.claim_source,
        near_fill.claim_line_number,
        near_fill.is_before,
        near_fill.shown_by,
        drug_strength.ingredients,
        drug_strength.unit,
        case when near_fill.quantity > 0 then drug_strength.amount * near_fill.quantity::double / near_fill.days_supply end as dose_a_day
    from near_fill
    inner join ndc_text on near_fill.ndc_no = ndc_text.ndc_no
    left join drug_strength on ndc_text.ndc_code = drug_strength.ndc_code
    where near_fill.shown_by in ('higher_dose', 'lower_dose')
),

dose_before as (
    select
        recommendation_no,
        arg_max(struct_pack(ingredients := ingredients, unit := unit, a_day := dose_a_day), (dispensed_on, claim_id)) as dose
    from dosed
    where is_before and dose_a_day is not null
    group by recommendation_no
),

priced as (
    select recommendation_no, dispensed_on, claim_id, claim_source, claim_line_number, is_before, price::double / days_supply as price_a_day
    from near_fill
    where shown_by = 'lower_cost'
),

price_before as (
    select recommendation_no, arg_max(price_a_day, (dispensed_on, claim_id)) as price_a_day
    from priced
    where is_before and price_a_day is not null
    group by recommendation_no
),

seen as (
    select near_fill.recommendation_no, near_fill.claim_id, near_fill.claim_source, near_fill.claim_line_number, near_fill.dispensed_on as on_day
    from near_fill
    inner join asked using (recommendation_no)
    left join on_hand using (recommendation_no)
    where not near_fill.is_before
        and case near_fill.shown_by
            when 'no_fill' then near_fill.dispensed_on <= greatest(asked.answered_on, on_hand.last_day) + asked.window_days
            when 'long_fill' then near_fill.days_supply >= asked.least
            else near_fill.shown_by not in ('higher_dose', 'lower_dose', 'lower_cost')
        end
    union all
    select dosed.recommendation_no, dosed.claim_id, dosed.claim_source, dosed.claim_line_number, dosed.dispensed_on
    from dosed
    inner join dose_before as before using (recommendation_no)
    where not dosed.is_before
        and dosed.unit = before.dose.unit
        and dosed.ingredients = before.dose.ingredients
        and case dosed.shown_by when 'higher_dose' then dosed.dose_a_day > before.dose.a_day * 1.01 else dosed.dose_a_day < before.dose.a_day * 0.99 end
    union all
    select priced.recommendation_no, priced.claim_id, priced.claim_source, priced.claim_line_number, priced.dispensed_on
    from priced
    inner join price_before as before using (recommendation_no)
    where not priced.is_before and priced.price_a_day < before.price_a_day * 0.99
    union all
    select asked.recommendation_no, line.claim_id, line.data_source, line.claim_line_number, line.starts_on
    from asked
    inner join verification_code as code
        on asked.shown_by = code.shown_by and asked.target = code.ingredient and code.code_system = 'hcpcs'
    inner join final_medical_line as line
        on asked.patient_no = line.patient_no
        and line.hcpcs_code = code.code
        and line.starts_on between asked.answered_on and asked.answered_on + asked.window_days
    union all
    select asked.recommendation_no, null, null, null, lab.collection_datetime::date
    from asked
    inner join person on asked.patient_no = person.patient_no
    inner join verification_code as code
        on asked.shown_by = code.shown_by and asked.target = code.ingredient and code.code_system = 'loinc'
    inner join lab_result as lab
        on person.patient_id = lab.person_id
        and lab.normalized_component_code = code.code
        and lab.collection_datetime::date between asked.answered_on and least(asked.answered_on + asked.window_days, asked.as_of)
),

-- Those with a fill in the window whose dose or price cannot be told beside the one before: it may be what was agreed. Other ingredients are another medicine.
not_compared as (
    select dosed.recommendation_no
    from dosed
    inner join dose_before as before using (recommendation_no)
    where not dosed.is_before
        and (dosed.dose_a_day is null or (dosed.ingredients = before.dose.ingredients and dosed.unit <> before.dose.unit))
    union
    select recommendation_no
    from priced
    where not is_before and price_a_day is null
),

first_seen as (
    select
        recommendation_no,
        min(on_day) as on_day,
        arg_min(
            struct_pack(claim_id := claim_id, source := claim_source, line := claim_line_number),
            (on_day, claim_id, claim_source, claim_line_number)
        ) filter (where claim_id is not null) as claim
    from seen
    group by recommendation_no
),

has_claims as (
    select
        (select count(*) from (from final_medical_line limit 1)) > 0 as of_medical_care,
        (select count(*) from (from lab_result limit 1)) > 0 as of_labs,
        (select count(*) from (from fill limit 1)) > 0 as of_fills
),

windowed as (
    select
        asked.*,
        first_seen.on_day,
        first_seen.claim,
        on_hand.last_day,
        case asked.shown_by when 'no_fill' then greatest(asked.answered_on, on_hand.last_day) else asked.answered_on end + asked.window_days as window_to_on,
        case asked.shown_by when 'monitoring' then ['medical'] when 'immunization' then ['medical', 'pharmacy'] else ['pharmacy'] end as shown_in
    from asked
    left join on_hand using (recommendation_no)
    left join first_seen using (recommendation_no)
),

-- Those whose whole window claims tell of.
told as (
    select windowed.recommendation_no
    from windowed
    inner join enrollment_span as span
        on windowed.patient_no = span.patient_no
        and span.from_on <= windowed.answered_on
        and span.to_on >= least(windowed.window_to_on, windowed.as_of)
    where list_contains(windowed.shown_in, span.coverage)
    group by windowed.recommendation_no
    having count(*) = any_value(len(windowed.shown_in))
    union all
    select windowed.recommendation_no
    from windowed
    anti join roster_span on windowed.patient_no = roster_span.patient_no
    semi join fill on windowed.patient_no = fill.patient_no
    where windowed.shown_in = ['pharmacy']
),

listed_code as (
    select distinct shown_by, ingredient from verification_code
),

checked as (
    select
        windowed.*,
        case
            when windowed.shown_by is null then false
            when windowed.shown_by in ('monitoring', 'immunization') then listed_code.ingredient is not null
            when known_text.text is null then false
            when windowed.shown_by = 'no_fill' then windowed.last_day is not null
            when windowed.shown_by in ('higher_dose', 'lower_dose') then dose_before.recommendation_no is not null
            when windowed.shown_by = 'lower_cost' then price_before.recommendation_no is not null
            else true
        end
        and (
            windowed.on_day is not null
            or (
                told.recommendation_no is not null
                and not_compared.recommendation_no is null
                and case windowed.shown_by
                    when 'monitoring' then has_claims.of_medical_care or has_claims.of_labs
                    when 'immunization' then has_claims.of_medical_care and has_claims.of_fills
                    else has_claims.of_fills
                end
            )
        ) as is_checkable
    from windowed
    cross join has_claims
    left join told using (recommendation_no)
    left join not_compared using (recommendation_no)
    left join known_text on windowed.target = known_text.text
    left join listed_code on windowed.shown_by = listed_code.shown_by and windowed.target = listed_code.ingredient
    left join dose_before using (recommendation_no)
    left join price_before using (recommendation_no)
),

judged as (
    select
        *,
        case
            when not is_checkable then 'not_checkable'
            when on_day is not null then case when shown_by = 'no_fill' then 'no' else 'yes' end
            when window_to_on + run_out_days > as_of then 'too_early'
            when shown_by = 'no_fill' then 'yes'
            else 'no'
        end as verified
    from checked
)

select
    patient_no,
    data_source,
    recommendation_id,
    verified,
    case when verified in ('yes', 'no') then claim.claim_id end as verified_by_claim_id,
    case when verified in ('yes', 'no') then claim.source end as verified_by_source,
    case when verified in ('yes', 'no') then claim.line end as verified_by_line,
    case when verified in ('yes', 'no') then on_day end as verified_on,
    window_to_on
from judged
