-- One row for each diagnosis and procedure on hospital and emergency claims: its CCS category and the sets of codes it belongs to
-- (data/reference/hospital_code.parquet). A code that the list does not have goes with its longest parent there. T36 to T50 tell adverse effect,
-- poisoning and underdosing by the sixth character, by the fifth where the sixth is X; an adverse effect counts at the initial encounter (seventh A).
with diagnosis as (
    select is_icd_9, unnest(diagnoses) as said
    from hospital_bill
),

used as (
    select distinct case when is_icd_9 then 'icd-9-cm' else 'icd-10-cm' end as code_system, (said).code as code
    from diagnosis
    union
    select case when is_icd_9_procedure then 'icd-9-pcs' else 'icd-10-pcs' end, unnest(procedures)
    from hospital_bill
    union
    select case when is_icd_9 then 'icd-9-cm' else 'icd-10-cm' end, unnest(diagnosis_codes)
    from ed_claim
),

start as (
    select code_system, code, unnest(range(1, length(code) + 1)) as letters, code[1:letters] as start
    from used
),

category as (
    select start.code_system, start.code, arg_max(ccs.ccs, start.letters) as ccs
    from start
    inner join ccs on start.code_system = ccs.code_system and start.start = ccs.code
    group by start.code_system, start.code
),

of_set as (
    select start.code_system, start.code, listed."set" as code_set
    from start
    inner join hospital_code as listed
        on start.code_system = listed.code_system
        and start.start = listed.code
        and (listed.match = 'prefix' or start.letters = length(start.code))
    union
    select category.code_system, category.code, listed."set"
    from category
    inner join hospital_code as listed
        on listed.code_system = case category.code_system when 'icd-10-pcs' then 'ccs_procedure' else 'ccs_diagnosis' end
        and category.ccs = listed.code
    union
    select
        code_system,
        code,
        case case when code[6] = 'X' then code[5] else code[6] end
            when '5' then 'adverse_effect'
            when '6' then 'underdosing'
            else 'poisoning'
        end as code_set
    from used
    where code_system = 'icd-10-cm'
        and code[1:3] between 'T36' and 'T50'
        and length(code) = 7
        and case when code[6] = 'X' then code[5] else code[6] end between '1' and '6'
        and (case when code[6] = 'X' then code[5] else code[6] end <> '5' or code[7] = 'A')
),

gathered as (
    select code_system, code, list(code_set order by code_set) as code_sets
    from of_set
    group by code_system, code
)

select used.code_system, used.code, category.ccs, coalesce(gathered.code_sets, []) as code_sets
from used
left join category on used.code_system = category.code_system and used.code = category.code
left join gathered on used.code_system = gathered.code_system and used.code = gathered.code
order by used.code_system, used.code
