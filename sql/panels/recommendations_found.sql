-- One row: how many recommendations and patients the table of recommendations has, whatever the page.
-- Rows: counts
-- Cells: recommendations, patients stand alone; recommendations with patients
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
)

select
    count(*) as recommendations,
    count(distinct fact.patient_no) as patients
from recommendation_fact as fact
inner join patient on fact.patient_no = patient.patient_no
cross join run
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
