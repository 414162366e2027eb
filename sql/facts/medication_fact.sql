-- One row for each patient and ingredient on hand on the as-of day: supply dispensed in the 365 days before it reaches that day. An early refill of the
-- same ingredient starts when the earlier supply ends, so that runs_out_on is the last day of all of it. NDC, prescriber, pharmacy and units a
-- day are those of the last fill. A combination gives a row for each of its ingredients; a product that the drug tables do not know has none.
with ingredient as (
    select ndc_text.ndc_no, unnest(drug.ingredients) as ingredient
    from drug
    inner join ndc_text on drug.ndc_code = ndc_text.ndc_code
    where drug.ndc_match <> 'none'
),

recent as (
    select
        fill.patient_no,
        ingredient.ingredient,
        fill.dispensed_on,
        fill.days_supply,
        fill.ndc_code,
        fill.quantity,
        fill.refills_remaining,
        fill.prescriber_npi,
        fill.pharmacy_npi,
        fill.data_source,
        fill.claim_id,
        fill.claim_line_number
    from fill
    inner join run on fill.dispensed_on > run.as_of - 365
    inner join ingredient on fill.ndc_no = ingredient.ndc_no
),

reaching as (
    select patient_no, ingredient
    from recent
    group by patient_no, ingredient
    having max(dispensed_on) + sum(days_supply)::integer > (select as_of from run)
),

running as (
    select
        recent.*,
        sum(recent.days_supply) over supply as supplied
    from recent
    semi join reaching using (patient_no, ingredient)
    window supply as (
        partition by recent.patient_no, recent.ingredient
        order by recent.dispensed_on
        rows between unbounded preceding and current row
    )
),

on_hand as (
    select
        patient_no,
        ingredient,
        (max(dispensed_on - date '1970-01-01' - (supplied - days_supply)) + max(supplied) - 1)::integer + date '1970-01-01' as runs_out_on,
        count(distinct dispensed_on)::integer as fills,
        min(dispensed_on) as first_fill_on,
        arg_max(struct_pack(
            dispensed_on := dispensed_on,
            ndc_code := ndc_code,
            days_supply := days_supply,
            quantity := quantity,
            refills_remaining := refills_remaining,
            prescriber_npi := prescriber_npi,
            pharmacy_npi := pharmacy_npi,
            claim_id := claim_id,
            data_source := data_source
        ), (dispensed_on, data_source, claim_id, claim_line_number)) as last
    from running
    group by patient_no, ingredient
)

select
    on_hand.patient_no,
    on_hand.ingredient,
    on_hand.last.ndc_code,
    on_hand.last.dispensed_on as last_fill_on,
    on_hand.runs_out_on,
    on_hand.last.prescriber_npi,
    on_hand.last.pharmacy_npi,
    (on_hand.last.quantity / on_hand.last.days_supply)::double as daily_units,
    on_hand.last.days_supply,
    on_hand.last.refills_remaining,
    on_hand.fills,
    on_hand.first_fill_on,
    on_hand.last.claim_id as last_claim_id,
    on_hand.last.data_source as data_source
from on_hand
inner join run on on_hand.runs_out_on >= run.as_of
order by on_hand.patient_no, on_hand.ingredient
