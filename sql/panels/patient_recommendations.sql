-- One row for each recommendation of one patient, newest first: what was proposed, the answer, and the claim that shows it with its file and line.
-- Rows: patients
-- $patient_no integer: the patient
with claim as (
    select claim_id, dispensed_on as on_day, source_file, source_line, load_id
    from fill
    where patient_no = $patient_no
    union all
    select claim_id, starts_on, source_file, source_line, load_id
    from final_medical_line
    where patient_no = $patient_no
),

-- Sources may number alike: the claim that shows it is the one of that day.
shown as (
    select
        claim_id,
        on_day,
        arg_min(
            struct_pack(source_file := source_file, source_line := source_line, load_id := load_id),
            (load_id, source_file, source_line)
        ) as place
    from claim
    group by claim_id, on_day
)

select
    session.patient_session_no as session_number,
    fact.recommendation_id,
    fact.service_id,
    fact.identified_date,
    fact.problem,
    fact.problem_detail,
    fact.action,
    fact.ingredient,
    fact.new_ingredient,
    fact.recipient,
    fact.prescriber_npi,
    prescriber.name as prescriber_name,
    fact.channel,
    fact.sent_date,
    fact.response,
    fact.response_date,
    fact.decline_reason,
    fact.implemented,
    fact.resolved,
    fact.resolved_date,
    fact.barrier,
    fact.strategy,
    fact.severity_level,
    fact.estimated_cost_avoidance,
    fact.rationale,
    fact.age_days,
    fact.accepted,
    fact.answered,
    fact.verified,
    fact.verified_on,
    fact.window_to_on,
    fact.verified_by_claim_id,
    shown.place.source_file as claim_file,
    shown.place.source_line as claim_line,
    shown.place.load_id as claim_load,
    fact.source_file,
    fact.source_line,
    fact.load_id,
    fact.data_source
from recommendation_fact as fact
left join mtm_session as session on fact.session_no = session.session_no
left join shown on fact.verified_by_claim_id = shown.claim_id and fact.verified_on = shown.on_day
left join prescriber on fact.prescriber_npi = prescriber.npi
where fact.patient_no = $patient_no
order by fact.identified_date desc, fact.recommendation_id
