-- One row for each medicine that a completed session reviewed, and for each ingredient on hand in claims on its day that the list lacks. On hand: the last fill of
-- the ingredient by that day reaches it. seen_in: both, reviewed (not on hand in claims), claims (not on the list). Medicines bought without a prescription
-- are not looked for in claims. Only sessions that list medicines have rows.
with session as (
    select session.patient_no, session.data_source, session.service_id, session.held_on
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

on_hand as (
    select
        session.data_source,
        session.service_id,
        ingredient.ingredient,
        max(fill.dispensed_on) as last_fill_on,
        max(fill.dispensed_on + fill.days_supply - 1) as runs_out_on
    from session
    inner join fill
        on session.patient_no = fill.patient_no
        and session.held_on between fill.dispensed_on and fill.dispensed_on + fill.days_supply - 1
    inner join ingredient on fill.ndc_no = ingredient.ndc_no
    group by session.data_source, session.service_id, ingredient.ingredient
),

reviewed as (
    select
        session.patient_no,
        medicine.*,
        unnest(
            case
                when coalesce(medicine.source, 'rx') <> 'rx' then [null]
                when medicine.ingredient is not null
                    then list_transform(string_split_regex(lower(medicine.ingredient), '\s*[;+/|]\s*'), lambda part: trim(part))
                else coalesce(nullif(drug.ingredients, []), [null])
            end
        ) as each_ingredient
    from session
    inner join mtm_medication as medicine
        on session.data_source is not distinct from medicine.data_source and session.service_id = medicine.service_id
    left join drug on medicine.ndc_code = drug.ndc_code
)

select
    reviewed.patient_no,
    reviewed.data_source,
    reviewed.service_id,
    reviewed.line,
    coalesce(reviewed.each_ingredient, reviewed.ingredient) as ingredient,
    reviewed.name,
    reviewed.source,
    reviewed.indication,
    reviewed.indicated,
    reviewed.effective,
    reviewed.safe,
    reviewed.adherent,
    reviewed.decision,
    on_hand.last_fill_on,
    on_hand.runs_out_on,
    case when on_hand.ingredient is not null then 'both' else 'reviewed' end as seen_in
from reviewed
left join on_hand
    on reviewed.data_source is not distinct from on_hand.data_source
    and reviewed.service_id = on_hand.service_id
    and reviewed.each_ingredient = on_hand.ingredient
union all by name
select
    session.patient_no,
    session.data_source,
    session.service_id,
    on_hand.ingredient,
    on_hand.last_fill_on,
    on_hand.runs_out_on,
    'claims' as seen_in
from on_hand
inner join session on on_hand.data_source is not distinct from session.data_source and on_hand.service_id = session.service_id
anti join reviewed
    on on_hand.data_source is not distinct from reviewed.data_source
    and on_hand.service_id = reviewed.service_id
    and on_hand.ingredient = reviewed.each_ingredient
