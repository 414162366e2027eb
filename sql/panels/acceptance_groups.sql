-- One row for each group of a year's recommendations (by problem, its detail, action, pharmacy, prescriber, channel, recipient, kind of session, severity), only
-- those made: 30 days old or older, neither withdrawn nor addressed to somebody who could not be reached.
-- Rows: counts
-- Cells: made = answered + ~no_answer; answered = accepted + declined; accepted = modified + ~as_proposed;
--   accepted = verified_yes + verified_no + too_early + not_checkable;
--   made, patients add up; made, accepted, declined, modified, verified_yes, verified_no, too_early, not_checkable with patients; answered with patients
-- $year integer: year in which the recommendation was identified
-- $only varchar[] optional: filters that keep, each key and each key=value
-- $never varchar[] optional: filters that leave out, each key=value
-- $unit varchar: problem, detail, action, pharm, presc, channel, to, service or severity
with kept as (
    select
        fact.*,
        case $unit
            when 'problem' then fact.problem
            when 'detail' then problem_detail_of(fact.problem, fact.problem_detail)
            when 'action' then fact.action
            when 'pharm' then fact.pharmacy_npi
            when 'presc' then fact.prescriber_npi
            when 'channel' then fact.channel
            when 'to' then fact.recipient
            when 'service' then fact.service_type
            when 'severity' then fact.severity_level::varchar
        end as value
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
        and fact.response not in ('unable_to_reach', 'withdrawn')
        and fact.age_days >= 30
),

grouped as (
    select
        value,
        count(distinct patient_no) as patients,
        count(*) as made,
        count(*) filter (where answered) as answered,
        count(*) filter (where accepted) as accepted,
        count(*) filter (where response = 'modified') as modified,
        count(*) filter (where response = 'declined') as declined,
        count(*) filter (where verified = 'yes') as verified_yes,
        count(*) filter (where verified = 'no') as verified_no,
        count(*) filter (where verified = 'too_early') as too_early,
        count(*) filter (where verified = 'not_checkable') as not_checkable
    from kept
    group by value
)

select
    grouped.value,
    coalesce(pharmacy.name, prescriber.name, grouped.value) as label,
    grouped.* exclude (value)
from grouped
left join dispensing_pharmacy as pharmacy on $unit = 'pharm' and grouped.value = pharmacy.npi
left join prescriber on $unit = 'presc' and grouped.value = prescriber.npi
order by grouped.value nulls last
