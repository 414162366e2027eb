-- One row: the recommendations of a year, how many were old enough to be judged, and how far those went. made: 30 days old or older, neither withdrawn nor
-- addressed to somebody who could not be reached. resolvable: names a medicine, identified 60
-- days or more before the as-of day; resolved_in_time: implemented or resolved within 60 days. tells_sending, tells_outcome: some source says when recommendations were sent,
-- and whether they were implemented or resolved.
-- Rows: counts
-- Cells: recommendations = made + under_30_days + unable_to_reach + withdrawn; made = sent + ~not_sent; made = answered + ~unanswered;
--   answered = accepted + declined; ~unanswered = waiting + no_response;
--   accepted = modified + ~as_proposed; made = verified + ~not_verified; made = resolved + ~not_resolved;
--   recommendations stands alone; accepted_ever = verified_yes + verified_no + too_early + not_checkable; accepted_ever stands alone;
--   patients stands alone; median_days_to_send, median_days_to_answer, median_days_to_claim, median_days_to_resolve are never told;
--   few accepted_ever less accepted hide accepted_ever; declined_ever, resolvable, resolved_in_time are never told
-- $year integer: year in which the recommendation was identified
-- $only varchar[] optional: filters that keep, each key and each key=value
-- $never varchar[] optional: filters that leave out, each key=value
with kept as (
    select
        fact.*,
        case
            when fact.response in ('unable_to_reach', 'withdrawn') then fact.response
            when fact.age_days < 30 then 'under_30_days'
            else 'made'
        end as judged,
        resolution_state(
            fact.tells_outcome, coalesce(fact.ingredient, fact.new_ingredient, fact.ndc_code), fact.identified_date, run.as_of,
            fact.implemented, fact.implemented_date, fact.resolved, fact.resolved_date
        ) as resolution
    from recommendation_fact as fact
    inner join patient on fact.patient_no = patient.patient_no
    cross join run
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
)

select
    count(*) as recommendations,
    count(distinct patient_no) as patients,
    count(*) filter (where judged = 'under_30_days') as under_30_days,
    count(*) filter (where judged = 'unable_to_reach') as unable_to_reach,
    count(*) filter (where judged = 'withdrawn') as withdrawn,
    count(*) filter (where judged = 'made') as made,
    count(*) filter (where judged = 'made' and (sent_date is not null or answered)) as sent,
    count(*) filter (where judged = 'made' and answered) as answered,
    count(*) filter (where judged = 'made' and accepted) as accepted,
    count(*) filter (where judged = 'made' and response = 'modified') as modified,
    count(*) filter (where judged = 'made' and response = 'declined') as declined,
    count(*) filter (where judged = 'made' and response = 'pending') as waiting,
    count(*) filter (where judged = 'made' and response = 'no_response') as no_response,
    count(*) filter (where judged = 'made' and verified = 'yes') as verified,
    count(*) filter (where judged = 'made' and resolved = 'yes') as resolved,
    count(*) filter (where resolution in ('in_time', 'not_in_time')) as resolvable,
    count(*) filter (where resolution = 'in_time') as resolved_in_time,
    count(*) filter (where accepted) as accepted_ever,
    count(*) filter (where response = 'declined') as declined_ever,
    count(*) filter (where verified = 'yes') as verified_yes,
    count(*) filter (where verified = 'no') as verified_no,
    count(*) filter (where verified = 'too_early') as too_early,
    count(*) filter (where verified = 'not_checkable') as not_checkable,
    coalesce(bool_or(tells_sending), false) as tells_sending,
    coalesce(bool_or(tells_outcome), false) as tells_outcome,
    median(sent_date - identified_date) filter (where judged = 'made') as median_days_to_send,
    median(days_to_response) filter (where judged = 'made' and answered) as median_days_to_answer,
    median(verified_on - coalesce(response_date, identified_date)) filter (where judged = 'made' and verified = 'yes') as median_days_to_claim,
    median(resolved_date - identified_date) filter (where judged = 'made' and resolved = 'yes') as median_days_to_resolve
from kept
