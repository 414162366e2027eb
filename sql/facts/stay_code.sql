-- One row for each stay with a coded diagnosis or procedure: the sets that any of its diagnoses, and any of its procedures, belong to.
with said as (
    select stay_no, patient_no, case when is_icd_9 then 'icd-9-cm' else 'icd-10-cm' end as code_system, (unnest(diagnoses)).code as code, true as is_diagnosis
    from stay_fact
    union all
    select stay_no, patient_no, case when is_icd_9_procedure then 'icd-9-pcs' else 'icd-10-pcs' end, unnest(procedures), false
    from stay_fact
)

select
    said.stay_no,
    said.patient_no,
    coalesce(list_sort(list_distinct(flatten(list(code_group.code_sets) filter (where said.is_diagnosis)))), []) as diagnosis_sets,
    coalesce(list_sort(list_distinct(flatten(list(code_group.code_sets) filter (where not said.is_diagnosis)))), []) as procedure_sets
from said
inner join code_group on said.code_system = code_group.code_system and said.code = code_group.code
group by said.stay_no, said.patient_no
