-- One row for each acute discharge whose principal diagnosis calls for medicines (data/reference/discharge_medicine.csv): which of them were not on hand on the last day given for
-- it (setting discharge_fill_days), and the first unplanned acute admission or emergency visit from the day after that to the thirtieth after discharge.
-- On hand: dispensed since the discharge, or before with supply to that day, later by the nights in hospital.
-- excluded_because, the first that holds: transferred, still there, died, not sent home, age not known or under 18, hospice in the year, not covered by medical or by pharmacy
-- benefits for the 30 days (or to death), back within the days given for filling, too early (fills of the 90 days before are not in the data)
-- or too recent to know the 30 days.
with code_calls as (
    select code_group.code, code_group.code_system, calls.condition, calls.also, calls.drug_group
    from code_group
    inner join discharge_medicine as calls
        on code_group.code_system = calls.code_system
        and starts_with(code_group.code, calls.code)
),

called as (
    select distinct stay.stay_no, calls.condition, calls.drug_group
    from stay_fact as stay
    inner join code_calls as calls
        on stay.principal_diagnosis = calls.code
        and case when stay.is_icd_9 then 'icd-9-cm' else 'icd-10-cm' end = calls.code_system
    where stay.kind = 'acute'
        and (calls.also is null or len(list_filter(stay.diagnoses, lambda said: starts_with(said.code, calls.also))) > 0)
),

episode as (
    select episode_no, min(admitted_on) as admitted_on
    from stay_fact
    group by episode_no
),

discharge as (
    select
        stay.*,
        (stay.discharged_on - episode.admitted_on)::integer as nights,
        (stay.discharged_on + setting.value::integer)::date as filled_by
    from stay_fact as stay
    semi join called on stay.stay_no = called.stay_no
    inner join episode on stay.episode_no = episode.episode_no
    inner join setting on setting.setting = 'discharge_fill_days'
),

ndc_group as (
    select distinct named.ndc_code, drug_group.drug_group
    from (select ndc_code, unnest(ingredients) as ingredient from drug) as named
    inner join drug_group on named.ingredient = drug_group.ingredient
    semi join called on drug_group.drug_group = called.drug_group
),

-- First the fills at hand around each discharge, few of them, and then what they are.
filled as materialized (
    select discharge.stay_no, fill.ndc_code
    from discharge
    inner join fill
        on discharge.patient_no = fill.patient_no
        and fill.dispensed_on between discharge.discharged_on - 366 and discharge.filled_by
        and (fill.dispensed_on >= discharge.discharged_on or fill.dispensed_on + fill.days_supply - 1 + discharge.nights >= discharge.filled_by)
),

had as (
    select distinct filled.stay_no, ndc_group.drug_group
    from filled
    inner join ndc_group on filled.ndc_code = ndc_group.ndc_code
    semi join called
        on filled.stay_no = called.stay_no
        and ndc_group.drug_group = called.drug_group
),

asked as (
    select
        called.stay_no,
        list(distinct called.condition order by called.condition) as conditions,
        list(distinct called.drug_group order by called.drug_group) as called_for,
        list(distinct called.drug_group order by called.drug_group) filter (where had.stay_no is null) as not_on_hand
    from called
    left join had on called.stay_no = had.stay_no and called.drug_group = had.drug_group
    group by called.stay_no
),

followed as (
    select
        discharge.stay_no,
        arg_min(event, (event.on_day, event.stay_no is null, event.stay_no, event.visit_no)) as first_event
    from discharge
    inner join unplanned_event as event
        on discharge.patient_no = event.patient_no
        and event.on_day between discharge.discharged_on and discharge.discharged_on + 30
        and event.stay_no is distinct from discharge.stay_no
    group by discharge.stay_no
),

fills_told as (
    select min(dispensed_on) as from_on, max(dispensed_on) as to_on from fill
),

medical_told as (
    select max(starts_on) as to_on from final_medical_line
),

covered as (
    select
        discharge.stay_no,
        bool_or(span.coverage = 'medical') as has_medical,
        bool_or(span.coverage = 'pharmacy') as has_pharmacy
    from discharge
    inner join patient on discharge.patient_no = patient.patient_no
    inner join enrollment_span as span
        on discharge.patient_no = span.patient_no
        and span.from_on <= discharge.discharged_on
        and span.to_on >= least(discharge.discharged_on + 30, coalesce(patient.death_date, date '9999-12-31'))
    group by discharge.stay_no
)

select
    discharge.stay_no,
    discharge.patient_no,
    discharge.discharged_on,
    asked.conditions,
    asked.called_for,
    coalesce(asked.not_on_hand, []) as not_on_hand,
    case
        when not discharge.is_last then 'transferred'
        when discharge.is_open then 'still_patient'
        when discharge.discharge_disposition in ('20', '40', '41', '42') or patient.death_date <= discharge.filled_by then 'died'
        when coalesce(discharge.discharge_disposition not in ('01', '06', '08', '50', '81', '86'), true) then 'not_home'
        when discharge.age is null then 'age_not_known'
        when discharge.age < 18 then 'under_18'
        when exclusion.has_hospice then 'hospice'
        when not coalesce(covered.has_medical, false) then 'not_covered_30_days'
        when not coalesce(covered.has_pharmacy, false) then 'no_pharmacy_coverage'
        when (followed.first_event).on_day <= discharge.filled_by then 'back_before'
        when fills_told.from_on is null or discharge.discharged_on - 90 < fills_told.from_on then 'too_early'
        when discharge.discharged_on + 30 > least(fills_told.to_on, medical_told.to_on) then 'too_recent'
    end as excluded_because,
    case when (followed.first_event).on_day > discharge.filled_by then (followed.first_event).stay_no end as again_stay_no,
    case when (followed.first_event).on_day > discharge.filled_by then (followed.first_event).visit_no end as again_visit_no,
    readmission.plan,
    readmission.contract_id,
    readmission.pharmacy_npi
from discharge
inner join asked on discharge.stay_no = asked.stay_no
inner join patient on discharge.patient_no = patient.patient_no
inner join readmission on discharge.stay_no = readmission.stay_no
cross join fills_told
cross join medical_told
left join covered on discharge.stay_no = covered.stay_no
left join followed on discharge.stay_no = followed.stay_no
left join exclusion_year as exclusion
    on discharge.patient_no = exclusion.patient_no and year(discharge.discharged_on) = exclusion.year
order by discharge.stay_no
