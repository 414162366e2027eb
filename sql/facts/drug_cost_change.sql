-- One row for each recommendation about one medicine (start, stop, another medicine, dose, cheaper, longer supply) that claims verify: what the plan and the
-- patient paid a day for it before and after. Before: the last fill of the medicine it is about in the year before the answer; nothing where a medicine is
-- started. After: the fill that verifies it; nothing where one is stopped. Patient's part: copayment, coinsurance and deductible, else allowed less paid.
-- In whole cents a day; null (why in left_out_because) where a fill is not there (no_fill_before, no_claim_after) or a paid amount is missing (no_price).
with verified as (
    select
        fact.*,
        shown.verified_by_source,
        shown.verified_by_line,
        coalesce(fact.response_date, fact.identified_date) as answered_on
    from recommendation_fact as fact
    inner join recommendation_verified as shown
        on fact.data_source is not distinct from shown.data_source and fact.recommendation_id = shown.recommendation_id
    where fact.verified = 'yes' and fact.action in ('start', 'stop', 'change_drug', 'increase_dose', 'decrease_dose', 'reduce_cost', 'extend_supply')
),

about as (
    select distinct about as text, list_filter(list_transform(string_split_regex(about, '\s*[;+/|]\s*'), lambda part: trim(part)), lambda part: part <> '') as parts
    from verified
    where about is not null
),

about_ndc as (
    select part.text, ndc_text.ndc_no
    from (select text, len(parts) as parts, unnest(parts) as ingredient from about) as part
    inner join (select ndc_code, unnest(ingredients) as ingredient from drug where ndc_match <> 'none') as product on part.ingredient = product.ingredient
    inner join ndc_text on product.ndc_code = ndc_text.ndc_code
    group by part.text, ndc_text.ndc_no
    having count(*) = any_value(part.parts)
),

near as (
    select
        verified.data_source,
        verified.recommendation_id,
        fill.dispensed_on < verified.answered_on and about_ndc.ndc_no is not null as is_before,
        fill.claim_id = verified.verified_by_claim_id
            and fill.data_source is not distinct from verified.verified_by_source
            and fill.claim_line_number = verified.verified_by_line as is_after,
        fill.dispensed_on,
        fill.claim_id,
        fill.claim_line_number,
        struct_pack(
            plan_cents := fill.paid_amount::double * 100 / fill.days_supply,
            patient_cents := fill.patient_paid_amount::double * 100 / fill.days_supply
        ) as a_day
    from verified
    inner join fill on verified.patient_no = fill.patient_no and fill.dispensed_on >= verified.answered_on - 365
    left join about_ndc on verified.about = about_ndc.text and fill.ndc_no = about_ndc.ndc_no
    where about_ndc.ndc_no is not null or fill.claim_id = verified.verified_by_claim_id
),

priced as (
    select
        data_source,
        recommendation_id,
        arg_max(a_day, (dispensed_on, claim_id, claim_line_number)) filter (where is_before) as before,
        any_value(a_day) filter (where is_after) as after
    from near
    group by data_source, recommendation_id
),

compared as (
    select
        verified.*,
        priced.before is not null as has_before,
        priced.after is not null as has_after,
        case when verified.action = 'start' then 0 else priced.before.plan_cents end as plan_before,
        case when verified.action = 'stop' then 0 else priced.after.plan_cents end as plan_after,
        case when verified.action = 'start' then 0 else priced.before.patient_cents end as patient_before,
        case when verified.action = 'stop' then 0 else priced.after.patient_cents end as patient_after
    from verified
    left join priced on verified.data_source is not distinct from priced.data_source and verified.recommendation_id = priced.recommendation_id
)

select
    patient_no,
    data_source,
    recommendation_id,
    action,
    year(identified_date)::integer as year,
    contract_id,
    pharmacy_npi,
    prescriber_npi,
    verified_on,
    round(plan_after - plan_before)::integer as plan_cents,
    round(patient_after - patient_before)::integer as patient_cents,
    case
        when not has_before and action <> 'start' then 'no_fill_before'
        when not has_after and action <> 'stop' then 'no_claim_after'
        when plan_after - plan_before is null and patient_after - patient_before is null then 'no_price'
    end as left_out_because
from compared
