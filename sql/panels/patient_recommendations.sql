-- One row for each recommendation of one patient, newest first: what was proposed, the answer, and the claim that shows it with its file and line.
-- Rows: patients
-- $patient_no integer: the patient
with claim as (
    select data_source, claim_id, claim_line_number, dispensed_on as on_day, source_file, source_line, load_id
    from fill
    where patient_no = $patient_no
    union all
    select data_source, claim_id, claim_line_number, starts_on, source_file, source_line, load_id
    from final_medical_line
    where patient_no = $patient_no
),

-- Fills and visits of one source may number alike: one of them is enough.
place as (
    select
        data_source,
        claim_id,
        claim_line_number,
        on_day,
        arg_min(
            struct_pack(source_file := source_file, source_line := source_line, load_id := load_id),
            (load_id, source_file, source_line)
        ) as told
    from claim
    group by data_source, claim_id, claim_line_number, on_day
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
    around.window_days,
    around.covered_before,
    around.covered_after,
    around.left_out_because as around_because,
    place.told.source_file as claim_file,
    place.told.source_line as claim_line,
    place.told.load_id as claim_load,
    fact.source_file,
    fact.source_line,
    fact.load_id,
    fact.data_source
from recommendation_fact as fact
left join mtm_session as session on fact.session_no = session.session_no
left join recommendation_verified as shown
    on fact.data_source is not distinct from shown.data_source and fact.recommendation_id = shown.recommendation_id
left join place
    on shown.verified_by_source is not distinct from place.data_source
    and shown.verified_by_claim_id = place.claim_id
    and shown.verified_by_line = place.claim_line_number
    and shown.verified_on = place.on_day
left join adherence_around_answer as around
    on fact.data_source is not distinct from around.data_source and fact.recommendation_id = around.recommendation_id
left join prescriber on fact.prescriber_npi = prescriber.npi
where fact.patient_no = $patient_no
order by fact.identified_date desc, fact.recommendation_id
