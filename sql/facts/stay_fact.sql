-- One row for each stay: days, place, kind, what it was for, and the chain of transfers it belongs to. Of several claims the last says the diagnosis and
-- where the patient went (of those that end together the longest), the first how the patient came.
-- kind: by bill type, newborn and maternity by DRG or principal diagnosis, psychiatric, rehabilitation and long_term by unit or by where the hospital before
-- sent the patient (discharge status 65, 62, 63), else acute.
-- episode_no: acute stays in other facilities on the same or the next day are one episode (a transfer); its first is the admission, its last has the discharge.
-- bed_days: nights, at least one an episode; they add up without counting a day twice.
with bill as (
    select
        stay_bill.stay_no,
        stay_bill.part,
        stay_bill.is_elsewhere,
        hospital_bill.*
    from stay_bill
    inner join hospital_bill
        on stay_bill.data_source is not distinct from hospital_bill.data_source
        and stay_bill.claim_id = hospital_bill.claim_id
),

told as (
    select
        stay_no,
        any_value(place) filter (where not is_elsewhere) as place,
        any_value(setting) filter (where not is_elsewhere) as setting,
        any_value(unit) filter (where not is_elsewhere) as unit,
        arg_min(coalesce(data_source, '') || '/' || claim_id, (from_on, to_on, coalesce(data_source, ''), claim_id)) filter (where not is_elsewhere) as first_claim,
        arg_max(
            struct_pack(disposition := disposition, is_open := is_open, no_discharge_day := no_discharge_day), (to_on, not is_open, date '1900-01-01' - from_on, claim_id)
        ) filter (where not is_elsewhere) as last_bill,
        arg_max(
            struct_pack(code := principal_diagnosis, is_icd_9 := is_icd_9), (to_on, not is_open, date '1900-01-01' - from_on, claim_id)
        ) filter (where not is_elsewhere and principal_diagnosis is not null) as principal,
        arg_max(drg, (to_on, not is_open, date '1900-01-01' - from_on, claim_id)) filter (where not is_elsewhere) as drg,
        arg_min(admit_source, (from_on, to_on, claim_id)) filter (where not is_elsewhere) as admit_source,
        arg_min(admit_type, (from_on, to_on, claim_id)) filter (where not is_elsewhere) as admit_type,
        bool_or(has_emergency) as has_emergency,
        list_distinct(flatten(list(diagnoses) filter (where not is_elsewhere))) as diagnoses,
        list_distinct(flatten(list(procedures) filter (where not is_elsewhere))) as procedures,
        bool_or(is_icd_9_procedure) as is_icd_9_procedure,
        sum(paid_amount) filter (where part = 1) as paid_amount,
        count(*) as claims
    from bill
    group by stay_no
),

described as (
    select
        piece.stay_no,
        piece.patient_no,
        piece.chain_no,
        piece.part,
        max(piece.part) over (partition by piece.chain_no) as parts,
        piece.from_on,
        piece.to_on,
        told.*,
        lag(struct_pack(to_on := piece.to_on, place := told.place, disposition := (told.last_bill).disposition)) over (
            partition by piece.patient_no
            order by piece.from_on, piece.to_on, piece.stay_no
        ) as before
    from stay_piece as piece
    inner join told on piece.stay_no = told.stay_no
),

kind_told as (
    select
        described.* exclude (stay_no_1),
        code_group.ccs,
        coalesce(code_group.code_sets, []) as principal_sets,
        case
            when described.setting <> 'hospital' then described.setting
            when drg_newborn.code is not null or list_contains(principal_sets, 'newborn') then 'newborn'
            when drg_maternity.code is not null or list_contains(principal_sets, 'pregnancy') then 'maternity'
            when described.unit <> '' then described.unit
            when described.from_on <= (described.before).to_on + 1 and (described.before).place <> described.place
                then case (described.before).disposition
                    when '62' then 'rehabilitation'
                    when '63' then 'long_term'
                    when '65' then 'psychiatric'
                    else 'acute'
                end
            else 'acute'
        end as kind
    from described
    left join code_group
        on (described.principal).code = code_group.code
        and case when (described.principal).is_icd_9 then 'icd-9-cm' else 'icd-10-cm' end = code_group.code_system
    left join hospital_code as drg_newborn
        on drg_newborn."set" = 'newborn' and drg_newborn.code_system = 'drg' and described.drg = drg_newborn.code
    left join hospital_code as drg_maternity
        on drg_maternity."set" = 'maternity' and drg_maternity.code_system = 'drg' and described.drg = drg_maternity.code
),

reached as (
    select
        *,
        max(struct_pack(to_on := to_on, place := place)) over (
            partition by patient_no, kind = 'acute'
            order by from_on, to_on, stay_no
            rows between unbounded preceding and 1 preceding
        ) as acute_before
    from kind_told
),

numbered as (
    select
        *,
        count(*) filter (
            where kind <> 'acute'
                or (part = 1 and (acute_before is null or from_on > acute_before.to_on + 1 or (from_on = acute_before.to_on + 1 and place = acute_before.place)))
        ) over (
            order by patient_no, kind = 'acute', from_on, to_on, stay_no
            rows between unbounded preceding and current row
        )::integer as episode_no
    from reached
),

placed as (
    select
        *,
        row_number() over (partition by episode_no order by from_on, to_on, stay_no) as place_in_episode,
        row_number() over (partition by episode_no order by to_on desc, from_on desc, stay_no desc) as place_from_end,
        sum(to_on - from_on) over (partition by episode_no) as nights
    from numbered
)

select
    placed.stay_no,
    placed.patient_no,
    placed.first_claim || case when placed.part > 1 then '/part ' || placed.part else '' end as stay_id,
    placed.from_on as admitted_on,
    placed.to_on as discharged_on,
    greatest(1, placed.to_on - placed.from_on)::integer as length_of_stay,
    (placed.to_on - placed.from_on + case when placed.nights = 0 and placed.place_from_end = 1 then 1 else 0 end)::integer as bed_days,
    nullif(placed.place, '') as facility_npi,
    placed.kind,
    placed.episode_no,
    placed.place_in_episode = 1 and placed.part = 1 as is_admission,
    placed.place_from_end = 1 as is_last,
    placed.part,
    placed.parts,
    (placed.principal).code as principal_diagnosis,
    coalesce((placed.principal).is_icd_9, placed.to_on < date '2015-10-01') as is_icd_9,
    placed.ccs,
    placed.principal_sets,
    placed.drg,
    case when placed.part = placed.parts then (placed.last_bill).disposition end as discharge_disposition,
    placed.part = placed.parts and (placed.last_bill).is_open as is_open,
    placed.part = placed.parts and (placed.last_bill).no_discharge_day as no_discharge_day,
    placed.admit_source,
    placed.admit_type,
    placed.has_emergency,
    placed.diagnoses,
    placed.procedures,
    placed.is_icd_9_procedure,
    placed.paid_amount,
    placed.claims,
    case when patient.birth_date is not null then date_sub('year', patient.birth_date, placed.from_on) end::integer as age
from placed
inner join patient on placed.patient_no = patient.patient_no
order by placed.patient_no, placed.from_on, placed.stay_no
