-- One row for each hospital stay or emergency visit and each way in which its diagnoses, in ICD-10, tell of harm by a medicine; the tiers are never added up.
-- definite: an adverse effect (T36 to T50, initial encounter) or a diagnosis that names a drug as its cause, present on admission (not marked N or U).
-- poisoning: T36 to T50, whatever the intent. underdosing: T36 to T50, Z91.12 to Z91.14, Y63.6, Y63.8 or Y63.9: the medicine was not taken as it should be.
-- ingredients: those on hand on a day of the seven before that the code can mean.
-- possible: only a symptom, with a medicine that can cause it on hand on a day of the seven before (data/reference/symptom_drug.csv), and none of the others.
with said as (
    select patient_no, stay_no, null::integer as visit_no, admitted_on as on_day, unnest(diagnoses) as diagnosis
    from stay_fact
    where not is_icd_9 and part = 1
    union all
    select patient_no, null, visit_no, visited_on, struct_pack(code := unnest(diagnosis_codes), present := null::varchar)
    from ed_visit_fact
    where not is_icd_9
),

coded as (
    select
        said.patient_no,
        said.stay_no,
        said.visit_no,
        said.on_day,
        (said.diagnosis).code as code,
        coalesce((said.diagnosis).present not in ('N', 'U'), true) as is_present,
        code_group.code_sets
    from said
    inner join code_group on code_group.code_system = 'icd-10-cm' and (said.diagnosis).code = code_group.code
),

told as (
    select *, unnest(list_filter([
        case when is_present and list_has_any(code_sets, ['adverse_effect', 'drug_named']) then 'definite' end,
        case when list_contains(code_sets, 'poisoning') then 'poisoning' end,
        case when list_contains(code_sets, 'underdosing') then 'underdosing' end
    ], lambda tier: tier is not null)) as tier
    from coded
),

symptom_code as (
    select distinct code_group.code, symptom_drug.symptom, symptom_drug.ingredient
    from code_group
    inner join symptom_drug on code_group.code_system = 'icd-10-cm' and starts_with(code_group.code, symptom_drug.code)
),

suspect as (
    select
        coded.patient_no,
        coded.stay_no,
        coded.visit_no,
        coded.on_day,
        coded.code,
        symptom_code.ingredient,
        list_has_any(coded.code_sets, ['adverse_effect', 'drug_named']) as is_named
    from coded
    inner join symptom_code on coded.code = symptom_code.code
    where coded.is_present and not list_has_any(coded.code_sets, ['poisoning', 'underdosing'])
),

suspect_patient as (
    select distinct patient_no from suspect
),

drug_fill as (
    select fill.patient_no, fill.dispensed_on, fill.days_supply, unnest(drug.ingredients) as ingredient
    from fill
    semi join suspect_patient on fill.patient_no = suspect_patient.patient_no
    inner join drug on fill.ndc_code = drug.ndc_code
),

on_hand as (
    select distinct suspect.patient_no, suspect.stay_no, suspect.visit_no, suspect.on_day, suspect.code, suspect.ingredient, suspect.is_named
    from suspect
    inner join drug_fill
        on suspect.patient_no = drug_fill.patient_no
        and suspect.ingredient = drug_fill.ingredient
        and drug_fill.dispensed_on <= suspect.on_day
        and drug_fill.dispensed_on + drug_fill.days_supply - 1 >= suspect.on_day - 7
),

sure as (
    select distinct stay_no, visit_no from told
),

every as (
    select patient_no, stay_no, visit_no, on_day, tier, code, null::varchar as ingredient
    from told
    union all
    select on_hand.patient_no, on_hand.stay_no, on_hand.visit_no, on_hand.on_day, 'possible', on_hand.code, on_hand.ingredient
    from on_hand
    anti join sure
        on on_hand.stay_no is not distinct from sure.stay_no
        and on_hand.visit_no is not distinct from sure.visit_no
    where not on_hand.is_named
    union all
    select patient_no, stay_no, visit_no, on_day, 'definite', code, ingredient
    from on_hand
    where is_named
)

select
    patient_no,
    stay_no,
    visit_no,
    on_day,
    tier,
    case tier when 'definite' then 1 when 'poisoning' then 2 when 'underdosing' then 3 else 4 end as tier_order,
    list(distinct code order by code) as codes,
    list(distinct ingredient order by ingredient) filter (where ingredient is not null) as ingredients
from every
group by patient_no, stay_no, visit_no, on_day, tier
order by patient_no, on_day
