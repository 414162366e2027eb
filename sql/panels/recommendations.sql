-- One row for each recommendation of a year: what was found and proposed, to whom, the answer, and what later claims show;
-- where a barrier is named, the share of days its medicines covered before and after the answer. sid is the opaque id of its page.
-- Rows: patients
-- $year integer: year in which the recommendation was identified
-- $only varchar[] optional: filters that keep, each key and each key=value
-- $never varchar[] optional: filters that leave out, each key=value
-- $open boolean optional: only those nobody has answered (true) or those answered (false)
-- $decline varchar optional: only those declined for a reason, in the word that decline_reasons shows for it; not_stated for none given
-- $strategy varchar optional: only those that name a barrier and were met by a strategy, in the word that barriers shows for it; not_stated for none
-- $around varchar optional: only accepted ones that name a barrier: followed, adherent_before, adherent_after, not_computable, or why not (left_out_because)
-- $cost varchar optional: only those of whose verified change the cost can be told (compared, plan, patient), or why not (left_out_because of drug_cost_change)
-- $within varchar optional: only those that resolution within 60 days counts (counted), resolved in_time or not_in_time, or leaves out (under_60_days, no_medicine, not_documented)
-- $took varchar optional: only those answered so many days after sending, 7, or not answered before that day, 7_or_more
-- $sort varchar: identified, patient, problem, action, drug, prescriber, pharmacy, channel, answer, answered, age, verified or severity
-- $descending boolean: the other way round; what is not known stays last
-- $days boolean: filled in from the asker's level, true where days are shown; else the order of rows tells nothing that is not shown
-- $first integer: rows before the page
-- $rows integer optional: rows of the page; all of them when left out
with declined_word as (
    select lower(trim(decline_reason)) as told, min(trim(decline_reason)) as word
    from recommendation_fact
    where year(identified_date) = $year and response = 'declined' and trim(decline_reason) <> ''
    group by told
    having count(distinct patient_no) >= 3
),

strategy_word as (
    select lower(trim(strategy)) as told, min(trim(strategy)) as word
    from recommendation_fact
    where year(identified_date) = $year and barrier is not null and trim(strategy) <> ''
    group by told
    having count(distinct patient_no) >= 3
),

kept as (
    select
        fact.*,
        patient.pid,
        patient.patient_id,
        patient.first_name,
        patient.last_name,
        patient.plan,
        pharmacy.name as pharmacy_name,
        prescriber.name as prescriber_name,
        around.days as around_days,
        around.left_out_because as around_because,
        around.covered_before::double / around.window_days as pdc_before,
        around.covered_after::double / around.window_days as pdc_after,
        case when cost.left_out_because is null then cost.plan_cents end as plan_cents,
        case when cost.left_out_because is null then cost.patient_cents end as patient_cents,
        cost.left_out_because as cost_because,
        case $sort
            when 'identified' then case when $days then epoch(fact.identified_date) end
            when 'answered' then case when $days then epoch(fact.response_date) end
            when 'age' then case when $days then fact.age_days end
            when 'severity' then fact.severity_level
        end::double as sort_number,
        case $sort
            when 'patient' then patient.pid
            when 'problem' then fact.problem
            when 'action' then fact.action
            when 'drug' then fact.ingredient
            when 'prescriber' then coalesce(prescriber.name, fact.prescriber_npi)
            when 'pharmacy' then coalesce(pharmacy.name, fact.pharmacy_npi)
            when 'channel' then fact.channel
            when 'answer' then fact.response
            when 'verified' then fact.verified
        end as sort_text
    from recommendation_fact as fact
    inner join patient on fact.patient_no = patient.patient_no
    cross join run
    left join dispensing_pharmacy as pharmacy on fact.pharmacy_npi = pharmacy.npi
    left join prescriber on fact.prescriber_npi = prescriber.npi
    left join adherence_around_answer as around
        on fact.data_source is not distinct from around.data_source and fact.recommendation_id = around.recommendation_id
    left join drug_cost_change as cost
        on fact.data_source is not distinct from cost.data_source and fact.recommendation_id = cost.recommendation_id
    left join declined_word on lower(trim(fact.decline_reason)) = declined_word.told
    left join strategy_word on lower(trim(fact.strategy)) = strategy_word.told
    where year(fact.identified_date) = $year
        and chosen_person(
            $only, $never, patient.plan, coalesce(fact.contract_id, patient.contract_id), fact.pharmacy_npi,
            patient.birth_date, run.as_of, patient.gender, patient.language, patient.zip_code
        )
        and chosen_recommendation(
            $only, $never, fact.prescriber_npi, fact.problem, fact.action, fact.channel, fact.recipient, fact.response, fact.age_days,
            fact.verified, fact.service_type, fact.barrier, fact.severity_level, fact.sent_date, fact.resolved,
            fact.identified_date, fact.estimated_cost_avoidance, fact.problem_detail
        )
        and ($open is null or $open = (fact.response in ('pending', 'no_response')))
        and ($decline is null or (fact.response = 'declined' and shown_word(declined_word.word, fact.decline_reason) = $decline))
        and ($strategy is null or (fact.barrier is not null and shown_word(strategy_word.word, fact.strategy) = $strategy))
        and ($around is null or fact.barrier is not null and around_state(around.recommendation_id, around.left_out_because, around.adherent_before, around.adherent_after, $around))
        and ($cost is null or cost_state(cost.recommendation_id, cost.left_out_because, cost.plan_cents, cost.patient_cents, $cost))
        and (
            $within is null
            or resolution_state(
                fact.tells_outcome, coalesce(fact.ingredient, fact.new_ingredient, fact.ndc_code), fact.identified_date, run.as_of,
                fact.implemented, fact.implemented_date, fact.resolved, fact.resolved_date
            )
            in ($within, case $within when 'counted' then 'in_time' end, case $within when 'counted' then 'not_in_time' end)
        )
        and ($took is null or took_state(fact.response, fact.answered, fact.days_to_response, fact.age_days, $took))
    order by
        case when $descending then -sort_number else sort_number end nulls last,
        case when not $descending then sort_text end nulls last,
        case when $descending then sort_text end desc nulls last,
        case when $days then fact.identified_date end desc nulls last,
        patient.pid,
        case when $days then fact.recommendation_id else hash(fact.recommendation_id)::varchar end
    limit $rows offset $first
)

select
    kept.pid,
    kept.patient_id,
    kept.first_name,
    kept.last_name,
    kept.pid || '-' || session.patient_session_no as sid,
    kept.recommendation_id,
    kept.identified_date,
    kept.sent_date,
    kept.problem,
    kept.problem_detail,
    kept.action,
    kept.ingredient,
    kept.new_ingredient,
    kept.recipient,
    kept.prescriber_npi,
    kept.prescriber_name,
    kept.channel,
    kept.response,
    kept.response_date,
    kept.days_to_response,
    kept.age_days,
    kept.accepted,
    kept.answered,
    kept.decline_reason,
    kept.verified,
    kept.verified_on,
    kept.window_to_on,
    kept.verified_by_claim_id,
    kept.resolved,
    kept.resolved_date,
    kept.barrier,
    kept.strategy,
    kept.around_days,
    kept.around_because,
    kept.pdc_before,
    kept.pdc_after,
    kept.plan_cents,
    kept.patient_cents,
    kept.cost_because,
    kept.severity_level,
    kept.estimated_cost_avoidance,
    kept.service_type,
    kept.program,
    kept.plan,
    kept.pharmacy_npi,
    kept.pharmacy_name,
    kept.data_source
from kept
left join mtm_session as session on kept.session_no = session.session_no
order by
    case when $descending then -kept.sort_number else kept.sort_number end nulls last,
    case when not $descending then kept.sort_text end nulls last,
    case when $descending then kept.sort_text end desc nulls last,
    case when $days then kept.identified_date end desc nulls last,
    kept.pid,
    case when $days then kept.recommendation_id else hash(kept.recommendation_id)::varchar end
