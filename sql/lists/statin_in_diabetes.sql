-- Title: Diabetes without a statin
-- Topic: MTM
-- Why: Statins prevent heart attacks and strokes in diabetes.
-- Rule: 40 to 75 years old on 1 January, fills of diabetes medicines (not of brands for weight loss) on two or more days of the as-of day's year, the first of
--   them 90 days or more before the year's end, and no fill of a statin in the year. Not listed: hospice, end-stage renal disease, muscle disease, pregnancy, lactation, fertility drugs,
--   cirrhosis, pre-diabetes, polycystic ovaries; from 2026 also a fill of a PCSK9 inhibitor or bempedoic acid. Most diabetes fills first.
-- Action: Ask the prescriber for a statin, or why not.
-- Source: Star Ratings measure SUPD, CMS 2026 technical notes and the codes CMS posted; pregnancy by ICD-10-CM chapter
-- Limits: Enrolment is not tested. Statins bought without a claim are not seen.
with diabetes as (
    select
        fill.patient_no,
        count(distinct fill.dispensed_on) as fill_days,
        min(fill.dispensed_on) as first_on,
        max(fill.dispensed_on) as last_on,
        list_sort(list(distinct listed.ingredient)) as ingredients
    from fill
    inner join run on year(fill.dispensed_on) = year(run.as_of)
    inner join group_ndc as listed on fill.ndc_no = listed.ndc_no
    where listed.drug_group = 'supd_diabetes'
    group by fill.patient_no
    having count(distinct fill.dispensed_on) >= 2
),

left_out as (
    select fill.patient_no
    from fill
    inner join run on year(fill.dispensed_on) = year(run.as_of)
    inner join group_ndc as listed on fill.ndc_no = listed.ndc_no
    where listed.drug_group in ('supd_statin', 'supd_fertility') or (listed.drug_group = 'supd_exception' and year(run.as_of) >= 2026)
    union
    select patient_no
    from listed_exclusion
    where list = 'statin_in_diabetes'
),

documented as (
    select recommended.patient_no, max(recommended.identified_on) as identified_on, arg_max(recommended.recommendation_id, (recommended.identified_on, recommended.recommendation_id)) as recommendation_id
    from recommended_ingredient as recommended
    semi join (select ingredient from drug_group where drug_group = 'supd_statin') as statin on recommended.ingredient = statin.ingredient
    where recommended.list = 'statin_in_diabetes'
    group by recommended.patient_no
)

select
    person.patient_id,
    'statin_in_diabetes' as list,
    'Diabetes medicine on ' || diabetes.fill_days || ' days this year, no statin' as reason,
    array_to_string(diabetes.ingredients, ', ') || '; last fill ' || strftime(diabetes.last_on, '%-d %b')
        || coalesce('; recommendation ' || documented.recommendation_id || ' of ' || strftime(documented.identified_on, '%-d %b %Y'), '') as evidence,
    row_number() over (order by documented.patient_no is not null, diabetes.fill_days desc, person.patient_id)::integer as priority,
    null::date as due_on,
    null::varchar as measure,
    person.pharmacy_npi,
    case when documented.patient_no is null then 'new' else 'documented' end as state,
    documented.recommendation_id as documented_by,
    diabetes.first_on as since_on,
    person.patient_no
from diabetes
inner join listable_patient as person on diabetes.patient_no = person.patient_no
cross join run
anti join left_out on diabetes.patient_no = left_out.patient_no
left join documented on diabetes.patient_no = documented.patient_no
where person.age between 40 and 75
    and not person.has_hospice
    and not person.has_esrd
    and diabetes.first_on <= make_date(year(run.as_of), 12, 31) - 90
