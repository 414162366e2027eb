-- One row for each person, contract and year enrolled in a Part D MTM programme, as the CMS beneficiary file tells it; names and identifiers aside.
-- The day of enrolment lies in the year (an integrity check of CMS's data validation): who was enrolled before it is told with 1 January.
-- in_contract: the roster has the person in the contract on a day of the year; null where its spans of the year name no contract.
-- A review is received when it was completed in the enrolment and its summary sent in the standard format; delivery, provider and recipient are the first
-- such review's. Criteria met in one of the year's enrolments are met. The opt-out and its reason are those of the last one; an opt-out after the year is not
-- told. offered_on: an offer of the year; other_offer_on: where there is none, one documented for another year. outside: reviews of the year in none of the patient's enrolments. Recommendations are those identified in the year's enrolment and addressed to
-- a prescriber, of a session that names this contract or none; resolved: documented as resolved, or, where that is not said, as implemented.
with enrolled as materialized (
    select
        row_number() over ()::integer as enrolled_no,
        patient_no,
        contract_id,
        year,
        min(starts_on) as enrolled_on,
        coalesce(arg_max(targeting_reason, from_on) filter (where targeting_reason <> '04'), max(targeting_reason)) as targeting_reason,
        min(met_criteria_on) as met_criteria_on,
        arg_max_null(case when opted_out_on < make_date(year + 1, 1, 1) then opted_out_on end, from_on) as opted_out_on,
        arg_max_null(case when opted_out_on is null or opted_out_on < make_date(year + 1, 1, 1) then opt_out_reason end, from_on) as opt_out_reason,
        arg_min(ltc_resident, from_on) as ltc_resident,
        arg_max(cognitively_impaired, from_on) as cognitively_impaired,
        bool_or(is_conflicting) as is_conflicting,
        arg_max(source_file, from_on) as source_file,
        arg_max(source_line, from_on) as source_line
    from mtm_enrollment_year
    where program = 'part_d'
    group by patient_no, contract_id, year
),

span as (
    select enrolled.enrolled_no, enrolled.patient_no, enrolled.contract_id, span.starts_on, span.ends_before
    from mtm_enrollment_year as span
    inner join enrolled
        on span.patient_no = enrolled.patient_no
        and span.contract_id is not distinct from enrolled.contract_id
        and span.year = enrolled.year
    where span.program = 'part_d'
),

session as (
    select
        enrolled.enrolled_no,
        fact.* exclude (contract_id),
        fact.service_type = 'cmr' and fact.summary_sent_on is not null and coalesce(fact.summary_standard_format, false) as is_received
    from enrolled
    inner join mtm_session as fact
        on enrolled.patient_no = fact.patient_no
        and enrolled.year = year(fact.held_on)
        and coalesce(fact.program, 'part_d') = 'part_d'
        and (fact.contract_id is null or enrolled.contract_id is null or fact.contract_id = enrolled.contract_id)
    where fact.status = 'completed' and fact.service_type in ('cmr', 'tmr')
),

inside as (
    select *
    from session
    semi join span
        on session.enrolled_no = span.enrolled_no and session.held_on >= span.starts_on and session.held_on < span.ends_before
),

summed as (
    select
        enrolled_no,
        count(*) filter (where service_type = 'cmr') as completed,
        count(*) filter (where is_received) as received,
        list_sort(list(held_on) filter (where is_received)) as received_on,
        min(session_no) filter (where is_received) as first_no,
        count(*) filter (where service_type = 'tmr') as tmrs,
        min(held_on) filter (where service_type = 'tmr') as first_tmr_on
    from inside
    group by enrolled_no
),

outside as (
    select enrolled_no, count(*)::integer as reviews
    from session
    anti join inside on session.session_no = inside.session_no
    where service_type = 'cmr'
    group by enrolled_no
),

recommended as (
    select
        span.enrolled_no,
        count(distinct (fact.data_source, fact.recommendation_id)) as made,
        count(distinct (fact.data_source, fact.recommendation_id))
            filter (where fact.resolved = 'yes' or (coalesce(fact.resolved, 'unknown') = 'unknown' and fact.implemented = 'yes')) as resolved
    from span
    inner join recommendation_fact as fact
        on span.patient_no = fact.patient_no
        and fact.identified_date >= span.starts_on
        and fact.identified_date < span.ends_before
        and (fact.contract_id is null or span.contract_id is null or fact.contract_id = span.contract_id)
    where coalesce(fact.program, 'part_d') = 'part_d'
        and fact.recipient in ('prescriber', 'both')
        and fact.response <> 'withdrawn'
    group by span.enrolled_no
),

rostered as (
    select
        enrolled.enrolled_no,
        case
            when bool_or(span.contract_id = enrolled.contract_id) then true
            when count(span.patient_no) = count(span.contract_id) then false
        end as in_contract
    from enrolled
    left join roster_span as span
        on enrolled.patient_no = span.patient_no
        and span.from_on <= make_date(enrolled.year, 12, 31)
        and span.to_on >= make_date(enrolled.year, 1, 1)
    group by enrolled.enrolled_no
),

provider_code as (
    select *, case when setting is null then 1 else 2 end as weight
    from part_d_provider
),

first as (
    select summed.enrolled_no, session.delivery_method, session.provider_type, session.setting, session.recipient
    from summed
    inner join mtm_session as session on summed.first_no = session.session_no
),

coded as (
    select
        said.provider_type,
        said.setting,
        coalesce(
            case when regexp_full_match(said.provider_type, '0[1-9]|1[0-4]|99') then said.provider_type end,
            arg_max(provider_code.code, provider_code.weight)
        ) as provider_code
    from (select distinct provider_type, setting from first) as said
    left join provider_code
        on said.provider_type = provider_code.provider_type
        and (provider_code.setting is null or provider_code.setting = said.setting)
    group by said.provider_type, said.setting
)

select
    enrolled.patient_no,
    enrolled.contract_id,
    enrolled.year,
    enrolled.enrolled_on,
    enrolled.targeting_reason,
    enrolled.met_criteria_on,
    enrolled.opted_out_on,
    enrolled.opt_out_reason,
    enrolled.ltc_resident,
    enrolled.cognitively_impaired,
    enrolled.is_conflicting,
    rostered.in_contract,
    least(cmr.offered_on, summed.received_on[1]) as offered_on,
    case when offered_on is null then cmr.first_offered_on end as other_offer_on,
    coalesce(summed.received, 0)::integer as cmrs,
    coalesce(summed.received_on, []::date[]) as received_on,
    coalesce(summed.completed, 0)::integer as completed,
    coalesce(outside.reviews, 0) as outside,
    first.delivery_method,
    coded.provider_code,
    first.recipient,
    coalesce(summed.tmrs, 0)::integer as tmrs,
    summed.first_tmr_on,
    coalesce(recommended.made, 0)::integer as prescriber_recommendations,
    coalesce(recommended.resolved, 0)::integer as resolutions,
    enrolled.source_file,
    enrolled.source_line
from enrolled
left join cmr_fact as cmr
    on enrolled.patient_no = cmr.patient_no
    and cmr.program = 'part_d'
    and enrolled.contract_id is not distinct from cmr.contract_id
    and enrolled.year = cmr.year
left join rostered on enrolled.enrolled_no = rostered.enrolled_no
left join summed on enrolled.enrolled_no = summed.enrolled_no
left join outside on enrolled.enrolled_no = outside.enrolled_no
left join first on enrolled.enrolled_no = first.enrolled_no
left join coded on first.provider_type is not distinct from coded.provider_type and first.setting is not distinct from coded.setting
left join recommended on enrolled.enrolled_no = recommended.enrolled_no
