-- Title: Brand where a generic costs less
-- Topic: MTM
-- Why: The same ingredient at the same strength often costs the plan and the patient less.
-- Rule: A medicine on hand on the as-of day whose last fill was a brand, while generic fills of the same ingredients, strength and release in the year before
--   the as-of day cost less a unit, plan and patient together (their median). A product whose name tells an ingredient, or that has no name, is taken for a generic. Most money first.
-- Action: Ask the prescriber to allow the generic, or why the brand is needed.
-- Source: This program's own; prices are those of the claims loaded
-- Limits: Rebates are not in claims. A product without a known strength or price is not compared. Money is for 30 days at the units a day of the last fill.
with product as (
    select
        ndc_text.ndc_no,
        strength.ingredients,
        strength.amount,
        strength.unit,
        drug.brand,
        coalesce(regexp_matches(lower(drug.form), 'extended|delayed|release'), false) as is_modified,
        drug.brand is not null and len(list_filter(
            strength.ingredients, lambda ingredient: contains(lower(drug.brand), string_split(ingredient, ' ')[1])
        )) = 0 as is_brand
    from drug_strength as strength
    inner join drug on strength.ndc_code = drug.ndc_code
    inner join ndc_text on drug.ndc_code = ndc_text.ndc_code
),

-- Strengths that are filled both ways.
both_ways as (
    select ingredients, amount, unit, is_modified
    from product
    group by ingredients, amount, unit, is_modified
    having bool_or(is_brand) and bool_or(not is_brand)
),

priced as (
    select
        fill.patient_no,
        fill.data_source,
        fill.claim_id,
        fill.ndc_code,
        product.ingredients,
        product.amount,
        product.unit,
        product.is_modified,
        product.brand,
        product.is_brand,
        fill.paid_amount::double / fill.quantity as plan_price,
        coalesce(
            case
                when claim.copayment_amount is not null or claim.coinsurance_amount is not null or claim.deductible_amount is not null
                    then coalesce(claim.copayment_amount, 0) + coalesce(claim.coinsurance_amount, 0) + coalesce(claim.deductible_amount, 0)
            end,
            claim.allowed_amount - claim.paid_amount
        )::double / fill.quantity as patient_price
    from fill
    inner join run on fill.dispensed_on > run.as_of - 365
    inner join product on fill.ndc_no = product.ndc_no
    semi join both_ways using (ingredients, amount, unit, is_modified)
    inner join pharmacy_claim as claim
        on fill.data_source is not distinct from claim.data_source
        and fill.claim_id = claim.claim_id
        and fill.claim_line_number = claim.claim_line_number
    where fill.quantity > 0
),

generic as (
    select ingredients, amount, unit, is_modified, median(plan_price) as plan_price, median(patient_price) as patient_price, count(*) as fills
    from priced
    where not is_brand and plan_price is not null and patient_price is not null
    group by ingredients, amount, unit, is_modified
),

found as (
    select
        medication.patient_no,
        medication.ingredient,
        medication.first_fill_on,
        medication.last_fill_on,
        priced.brand,
        generic.fills,
        30 * medication.daily_units * (priced.plan_price - generic.plan_price) as plan_more,
        30 * medication.daily_units * (priced.patient_price - generic.patient_price) as patient_more
    from medication_fact as medication
    inner join priced
        on medication.patient_no = priced.patient_no
        and medication.data_source is not distinct from priced.data_source
        and medication.last_claim_id = priced.claim_id
        and medication.ndc_code = priced.ndc_code
        and priced.is_brand
        and list_contains(priced.ingredients, medication.ingredient)
    inner join generic
        on priced.ingredients = generic.ingredients
        and priced.amount = generic.amount
        and priced.unit = generic.unit
        and priced.is_modified = generic.is_modified
    where priced.plan_price + priced.patient_price > generic.plan_price + generic.patient_price
    qualify row_number() over (partition by medication.patient_no, priced.claim_id, priced.data_source, priced.ndc_code order by medication.ingredient) = 1
),

documented as (
    select found.patient_no, found.ingredient, max(recommended.identified_on) as identified_on, arg_max(recommended.recommendation_id, (recommended.identified_on, recommended.recommendation_id)) as recommendation_id
    from found
    inner join recommended_ingredient as recommended on found.patient_no = recommended.patient_no and found.ingredient = recommended.ingredient
    where recommended.list = 'costlier_brand'
    group by found.patient_no, found.ingredient
)

select
    person.patient_id,
    'costlier_brand' as list,
    found.brand || ': ' || printf('$%.2f', found.plan_more + found.patient_more) || ' more in 30 days than generic ' || found.ingredient as reason,
    'Plan ' || case when found.plan_more < 0 then '-' else '' end || printf('$%.2f', abs(found.plan_more)) || ', patient '
        || case when found.patient_more < 0 then '-' else '' end || printf('$%.2f', abs(found.patient_more)) || ' in 30 days; median of ' || found.fills
        || ' generic fills; last fill ' || strftime(found.last_fill_on, '%-d %b')
        || coalesce('; recommendation ' || documented.recommendation_id || ' of ' || strftime(documented.identified_on, '%-d %b %Y'), '') as evidence,
    row_number() over (order by documented.patient_no is not null, found.plan_more + found.patient_more desc, found.ingredient, person.patient_id)::integer as priority,
    null::date as due_on,
    null::varchar as measure,
    person.pharmacy_npi,
    case when documented.patient_no is null then 'new' else 'documented' end as state,
    documented.recommendation_id as documented_by,
    found.ingredient as subject,
    found.first_fill_on as since_on,
    person.patient_no
from found
inner join listable_patient as person on found.patient_no = person.patient_no
left join documented on found.patient_no = documented.patient_no and found.ingredient = documented.ingredient
