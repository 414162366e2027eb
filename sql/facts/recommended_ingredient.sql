-- One row for each patient, list and ingredient that a recommendation of the year before the as-of day is about or proposes, of those that document a row of the
-- list: of the list's kind of problem (documented_problem), or by an action about the row's medicine (reference table row_action), whatever problem is written. The
-- latest that was not withdrawn. ingredient is null where it names no medicine.
with made as (
    select
        fact.patient_no,
        fact.data_source,
        fact.recommendation_id,
        fact.identified_date,
        fact.action,
        concat_ws('; ', fact.about, fact.proposed) as text
    from recommendation_fact as fact
    inner join run on fact.identified_date > run.as_of - 365
    where fact.response <> 'withdrawn'
),

-- Each text is taken apart once.
part as (
    select distinct text, trim(unnest(string_split(text, ';'))) as ingredient
    from (select distinct text from made)
),

-- Of a group's rule one ingredient of the recommendation is in the group.
acting as (
    select distinct part.text, rule.list, rule.row_action
    from part
    inner join drug_group as listed on part.ingredient = listed.ingredient
    inner join row_action as rule on listed.drug_group = rule.drug_group
    union all
    select distinct part.text, rule.list, rule.row_action
    from part
    inner join row_action as rule on rule.drug_group is null
),

documenting as (
    select made.patient_no, made.recommendation_id, made.identified_date, made.text, kind.list
    from made
    inner join documented_problem as kind
        on made.data_source is not distinct from kind.data_source and made.recommendation_id = kind.recommendation_id
    union
    select made.patient_no, made.recommendation_id, made.identified_date, made.text, acting.list
    from made
    inner join acting on made.text = acting.text and made.action = acting.row_action
)

select
    documenting.patient_no,
    documenting.list,
    nullif(part.ingredient, '') as ingredient,
    max(documenting.identified_date) as identified_on,
    arg_max(documenting.recommendation_id, (documenting.identified_date, documenting.recommendation_id)) as recommendation_id
from documenting
left join part on documenting.text = part.text
group by documenting.patient_no, documenting.list, nullif(part.ingredient, '')
