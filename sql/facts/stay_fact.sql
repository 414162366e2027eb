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
        list_sort(list_distinct(flatten(list(diagnoses) filter (where not is_elsewhere)))) as diagnoses,
        list_sort(list_distinct(flatten(list(procedures) filter (where not is_elsewhere)))) as procedures,
        bool_or(is_icd_9_procedure) as is_icd_9_procedure,
        sum(paid_amount) filter (where part = 1) as paid_amount,
        count(*) as claims
    from bill
    group by stay_no
),

-- Only what tells kinds and episodes goes through the windows: lists of codes are joined at the end.
described as (
    select
        piece.stay_no,
        piece.patient_no,
        piece.part,
        max(piece.part) over (partition by piece.chain_no) as parts,
        piece.from_on,
        piece.to_on,
        told.place,
        told.setting,
        told.unit,
        told.drg,
        told.principal,
        lag(piece.to_on) over by_day as before_to_on,
        lag(told.place) over by_day as before_place,
        lag((told.last_bill).disposition) over by_day as before_disposition
    from stay_piece as piece
    inner join told on piece.stay_no = told.stay_no
    window by_day as (partition by piece.patient_no order by piece.from_on, piece.to_on, piece.stay_no)
),

kind_told as (
    select
        described.*,
        code_group.ccs,
        coalesce(code_group.code_sets, []) as principal_sets,
        case
            when described.setting <> 'hospital' then described.setting
            when drg_newborn.code is not null or list_contains(principal_sets, 'newborn') then 'newborn'
            when drg_maternity.code is not null or list_contains(principal_sets, 'pregnancy') then 'maternity'
            when described.unit <> '' then described.unit
            when described.from_on <= described.before_to_on + 1 and described.before_place <> described.place
                then case described.before_disposition
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
        stay_no,
        patient_no,
        kind,
        part,
        place,
        from_on,
        to_on,
        max(struct_pack(to_on := to_on, place := place)) over (
            partition by patient_no, kind = 'acute'
            order by from_on, to_on, stay_no
            rows between unbounded preceding and 1 preceding
        ) as acute_before
    from kind_told
),

-- An episode has the number of its first stay; stays are numbered in the order of their days.
numbered as (
    select
        *,
        coalesce(
            max(case
                when kind <> 'acute'
                    or (part = 1 and (acute_before is null or from_on > acute_before.to_on + 1 or (from_on = acute_before.to_on + 1 and place = acute_before.place)))
                    then stay_no
            end) over (
                partition by patient_no, kind = 'acute'
                order by from_on, to_on, stay_no
                rows between unbounded preceding and current row
            ),
            stay_no
        ) as episode_no
    from reached
),

placed as (
    select
        stay_no,
        episode_no,
        row_number() over (partition by episode_no order by from_on, to_on, stay_no) as place_in_episode,
        row_number() over (partition by episode_no order by to_on desc, from_on desc, stay_no desc) as place_from_end,
        sum(to_on - from_on) over (partition by episode_no) as nights
    from numbered
)

select
    stay.stay_no,
    stay.patient_no,
    told.first_claim || case when stay.part > 1 then '/part ' || stay.part else '' end as stay_id,
    stay.from_on as admitted_on,
    stay.to_on as discharged_on,
    greatest(1, stay.to_on - stay.from_on)::integer as length_of_stay,
    (stay.to_on - stay.from_on + case when placed.nights = 0 and placed.place_from_end = 1 then 1 else 0 end)::integer as bed_days,
    nullif(stay.place, '') as facility_npi,
    stay.kind,
    placed.episode_no,
    placed.place_in_episode = 1 and stay.part = 1 as is_admission,
    placed.place_from_end = 1 as is_last,
    stay.part,
    stay.parts,
    (stay.principal).code as principal_diagnosis,
    coalesce((stay.principal).is_icd_9, stay.to_on < date '2015-10-01') as is_icd_9,
    stay.ccs,
    stay.principal_sets,
    stay.drg,
    case when stay.part = stay.parts then (told.last_bill).disposition end as discharge_disposition,
    stay.part = stay.parts and (told.last_bill).is_open as is_open,
    stay.part = stay.parts and (told.last_bill).no_discharge_day as no_discharge_day,
    told.admit_source,
    told.admit_type,
    told.has_emergency,
    told.diagnoses,
    told.procedures,
    told.is_icd_9_procedure,
    told.paid_amount::double as paid_amount,
    told.claims,
    case when patient.birth_date is not null then date_sub('year', patient.birth_date, stay.from_on) end::integer as age
from kind_told as stay
inner join placed on stay.stay_no = placed.stay_no
inner join told on stay.stay_no = told.stay_no
inner join patient on stay.patient_no = patient.patient_no
order by stay.patient_no, stay.from_on, stay.stay_no
