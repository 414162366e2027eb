-- One row for each patient who came home from an acute hospital in the 30 days to the as-of day and has not been back: what was on hand on the day of admission
-- and has run out without a fill since discharge, what was filled for the first time in 180 days, and whether a medicines review has been held since.
-- Home: discharge status 01, 06, 08, 50, 81 or 86. A medicine on hand runs out its days' supply after the last fill before admission, later by the nights
-- in hospital.
with home_stay as (
    select stay.*
    from stay_fact as stay
    inner join run on stay.discharged_on between run.as_of - 30 and run.as_of
    where stay.kind = 'acute'
        and stay.is_last
        and not stay.is_open
        and stay.discharge_disposition in ('01', '06', '08', '50', '81', '86')
),

later as (
    select distinct home_stay.stay_no
    from home_stay
    inner join stay_fact as stay
        on home_stay.patient_no = stay.patient_no
        and stay.admitted_on >= home_stay.discharged_on
        and stay.stay_no <> home_stay.stay_no
),

latest as (
    select home_stay.*
    from home_stay
    anti join later on home_stay.stay_no = later.stay_no
),

drug_fill as (
    select
        latest.stay_no,
        latest.admitted_on,
        latest.discharged_on,
        unnest(drug.ingredients) as ingredient,
        fill.dispensed_on,
        fill.days_supply,
        fill.claim_id
    from latest
    inner join fill
        on latest.patient_no = fill.patient_no
        and fill.dispensed_on >= latest.admitted_on - 180
    inner join drug on fill.ndc_code = drug.ndc_code
),

medicine as (
    select
        stay_no,
        ingredient,
        (discharged_on - admitted_on)::integer as nights,
        arg_max(claim_id, (dispensed_on, claim_id)) filter (where dispensed_on <= admitted_on) as last_claim_id,
        max(dispensed_on) filter (where dispensed_on <= admitted_on) as last_fill_on,
        max(dispensed_on + days_supply - 1) filter (where dispensed_on <= admitted_on) as ran_to,
        max(dispensed_on + days_supply - 1) filter (where dispensed_on <= admitted_on) >= any_value(admitted_on) as is_on_hand,
        min(dispensed_on) filter (where dispensed_on >= discharged_on) as filled_since_on,
        arg_min(claim_id, (dispensed_on, claim_id)) filter (where dispensed_on >= discharged_on) as filled_since_claim_id
    from drug_fill
    group by stay_no, ingredient, discharged_on, admitted_on
),

judged as (
    select
        medicine.*,
        is_on_hand and filled_since_on is null and ran_to + nights < run.as_of as is_not_refilled,
        last_fill_on is null and filled_since_on is not null as is_new
    from medicine
    cross join run
),

changed as (
    select
        stay_no,
        list(struct_pack(ingredient := ingredient, claim_id := last_claim_id, on_day := last_fill_on, runs_out_on := (ran_to + nights)::date) order by ran_to, ingredient)
            filter (where is_not_refilled) as not_refilled,
        list(struct_pack(ingredient := ingredient, claim_id := filled_since_claim_id, on_day := filled_since_on) order by ingredient)
            filter (where is_new) as new_medicines
    from judged
    group by stay_no
),

reviewed as (
    select latest.stay_no, max(session.held_on) as held_on
    from latest
    inner join mtm_session as session
        on latest.patient_no = session.patient_no
        and session.held_on >= latest.discharged_on
        and session.status = 'completed'
        and session.service_type in ('cmr', 'tmr', 'transition_of_care')
    group by latest.stay_no
)

select
    latest.stay_no,
    latest.patient_no,
    latest.stay_id,
    latest.admitted_on,
    latest.discharged_on,
    latest.length_of_stay,
    latest.principal_diagnosis,
    coalesce(changed.not_refilled, []) as not_refilled,
    coalesce(changed.new_medicines, []) as new_medicines,
    reviewed.held_on as reviewed_on
from latest
left join changed on latest.stay_no = changed.stay_no
left join reviewed on latest.stay_no = reviewed.stay_no
order by latest.stay_no
