-- One row for each medicine that a completed session reviewed, and for each ingredient on hand in claims on its day that the list lacks. On hand: the last fill of
-- the ingredient by that day reaches it. seen_in: both, reviewed (not on hand in claims), claims (not on the list). Medicines bought without a prescription
-- are not looked for in claims. Only sessions that list medicines have rows.
with session as materialized (
    select session.session_no, session.patient_no, session.data_source, session.service_id, session.held_on
    from mtm_session as session
    semi join mtm_medication as medicine
        on session.data_source is not distinct from medicine.data_source and session.service_id = medicine.service_id
    where session.status = 'completed'
),

ingredient as (
    select ndc_text.ndc_no, unnest(drug.ingredients) as ingredient
    from drug
    inner join ndc_text on drug.ndc_code = ndc_text.ndc_code
    where drug.ndc_match <> 'none'
),

-- Materialized, so that only fills that reach a session meet the ingredients of their products.
reaching as materialized (
    select
        session.session_no,
        fill.ndc_no,
        max(fill.dispensed_on) as last_fill_on,
        max(fill.dispensed_on + fill.days_supply - 1) as runs_out_on
    from fill
    inner join session
        on fill.patient_no = session.patient_no
        and session.held_on between fill.dispensed_on and fill.dispensed_on + fill.days_supply - 1
    group by session.session_no, fill.ndc_no
),

on_hand as (
    select
        reaching.session_no,
        ingredient.ingredient,
        max(reaching.last_fill_on) as last_fill_on,
        max(reaching.runs_out_on) as runs_out_on
    from reaching
    inner join ingredient on reaching.ndc_no = ingredient.ndc_no
    group by reaching.session_no, ingredient.ingredient
),

reviewed as (
    select
        session.session_no,
        medicine.* exclude (data_source, service_id),
        case
            when medicine.ingredient is not null
                then list_transform(string_split_regex(lower(medicine.ingredient), '\s*[;+/|]\s*'), lambda part: trim(part))
            else coalesce(nullif(drug.ingredients, []), [null])
        end as named,
        unnest(case when coalesce(medicine.source, 'rx') = 'rx' then named else [null] end) as each_ingredient
    from session
    inner join mtm_medication as medicine
        on session.data_source is not distinct from medicine.data_source and session.service_id = medicine.service_id
    left join drug on medicine.ndc_code = drug.ndc_code
),

listed as (
    select session_no, unnest(named) as ingredient
    from reviewed
),

told as (
    select
        reviewed.* exclude (each_ingredient, ingredient, named),
        coalesce(reviewed.each_ingredient, reviewed.ingredient) as ingredient,
        on_hand.last_fill_on,
        on_hand.runs_out_on,
        case when on_hand.ingredient is not null then 'both' else 'reviewed' end as seen_in
    from reviewed
    left join on_hand on reviewed.session_no = on_hand.session_no and reviewed.each_ingredient = on_hand.ingredient
    union all by name
    select on_hand.*, 'claims' as seen_in
    from on_hand
    anti join listed on on_hand.session_no = listed.session_no and on_hand.ingredient = listed.ingredient
)

select
    session.session_no,
    session.patient_no,
    told.line,
    told.ingredient,
    told.name,
    told.source,
    told.indication,
    told.indicated,
    told.effective,
    told.safe,
    told.adherent,
    told.decision,
    told.last_fill_on,
    told.runs_out_on,
    told.seen_in
from told
inner join session on told.session_no = session.session_no
