-- One row for each patient and ingredient on hand on the as-of day: supply dispensed in the 365 days before it reaches that day. An early refill of the
-- same ingredient starts when the earlier supply ends, so that runs_out_on is the last day of all of it. NDC, prescriber, pharmacy and units a
-- day are those of the last fill. A combination gives a row for each of its ingredients; a product that the drug tables do not know has none.
with product as (
    select ndc_text.ndc_no, unnest(drug.ingredients) as ingredient
    from drug
    inner join ndc_text on drug.ndc_code = ndc_text.ndc_code
    where drug.ndc_match <> 'none'
),

ingredient as (
    select ingredient, row_number() over (order by ingredient)::integer as ingredient_no
    from (select distinct ingredient from product)
),

numbered_product as (
    select product.ndc_no, ingredient.ingredient_no
    from product
    inner join ingredient on product.ingredient = ingredient.ingredient
),

-- A fill is packed into one whole number, its day of the year before the as-of day before its days of supply (366 at most), so that millions of them sort in
-- little room.
dispensed as (
    select
        fill.patient_no,
        numbered_product.ingredient_no,
        list_sort(list(((fill.dispensed_on - run.as_of + 365) * 1024 + fill.days_supply)::integer)) as fills
    from fill
    inner join run on fill.dispensed_on > run.as_of - 365
    inner join numbered_product on fill.ndc_no = numbered_product.ndc_no
    group by fill.patient_no, numbered_product.ingredient_no
),

on_hand as (
    select
        dispensed.*,
        run.as_of - 365 as before_on,
        before_on + list_reduce(dispensed.fills, lambda ended, fill: greatest(ended, fill // 1024) + fill % 1024, 0) - 1 as runs_out_on
    from dispensed
    cross join run
),

reaching as (
    select
        on_hand.patient_no,
        on_hand.ingredient_no,
        on_hand.runs_out_on,
        len(list_distinct(list_transform(on_hand.fills, lambda fill: fill // 1024)))::integer as fills,
        on_hand.before_on + on_hand.fills[1] // 1024 as first_fill_on,
        on_hand.before_on + on_hand.fills[-1] // 1024 as last_fill_on
    from on_hand
    inner join run on on_hand.runs_out_on >= run.as_of
),

last_fill as (
    select
        reaching.patient_no,
        reaching.ingredient_no,
        arg_max(struct_pack(
            ndc_code := fill.ndc_code,
            days_supply := fill.days_supply,
            quantity := fill.quantity,
            refills_remaining := fill.refills_remaining,
            prescriber_npi := fill.prescriber_npi,
            pharmacy_npi := fill.pharmacy_npi,
            claim_id := fill.claim_id,
            data_source := fill.data_source
        ), (fill.data_source, fill.claim_id, fill.claim_line_number)) as last
    from reaching
    inner join fill on reaching.patient_no = fill.patient_no and reaching.last_fill_on = fill.dispensed_on
    inner join numbered_product on fill.ndc_no = numbered_product.ndc_no and reaching.ingredient_no = numbered_product.ingredient_no
    group by reaching.patient_no, reaching.ingredient_no
)

select
    reaching.patient_no,
    ingredient.ingredient,
    last_fill.last.ndc_code,
    reaching.last_fill_on,
    reaching.runs_out_on,
    last_fill.last.prescriber_npi,
    last_fill.last.pharmacy_npi,
    (last_fill.last.quantity / last_fill.last.days_supply)::double as daily_units,
    last_fill.last.days_supply,
    last_fill.last.refills_remaining,
    reaching.fills,
    reaching.first_fill_on,
    last_fill.last.claim_id as last_claim_id,
    last_fill.last.data_source as data_source
from reaching
inner join ingredient on reaching.ingredient_no = ingredient.ingredient_no
inner join last_fill on reaching.patient_no = last_fill.patient_no and reaching.ingredient_no = last_fill.ingredient_no
order by reaching.patient_no, ingredient.ingredient
