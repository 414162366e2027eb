-- One row for each patient, programme, contract and year with an enrolment in MTM: whether a comprehensive medication review was completed, and
-- whether the CMS rate counts the patient (Star Ratings technical notes, measure D11), by the first reason that holds:
-- conflicting_records (enrolments with days in common that say different things), not_part_d, birth_date_unknown, under_18 (on 1 January),
-- criteria_not_met (by the year's end), hospice (at any time in the year), short_enrollment (under 60 days, and no review in them).
-- enrolled_no: its number, by which mtm_quarter is joined. enrolled_on, opted_out_on and ended_on are of the first enrolment of the year.
-- offered_on: the first offer of the year by the as-of day, a session or attempt or what the roster says; before the year only to who was enrolled in it.
-- first_offered_on: the first offer that is known, of whichever year. last_offered_on: the last one known of before the year,
-- on the roster, a session or an attempt.
-- Days of several enrolments in one contract add up (those of conflicting ones cannot be known); each contract is judged alone. A session without a contract counts for any.
-- plan: of the roster in the days enrolled, that of the contract before others; else the latest one.
-- pharmacy_npi: that of the first review, else of the last session that names one, else of the last fill of the year (of one day, the highest NPI).
with review as (
    select
        enrolled.patient_no,
        enrolled.program,
        enrolled.contract_id,
        enrolled.year,
        count(*) filter (where session.is_review) as cmrs,
        count(*) filter (where session.is_attempt and session.status = 'refused') as refused,
        count(*) filter (where session.is_attempt and session.status = 'unable_to_reach') as unable_to_reach,
        count(*) filter (where session.is_attempt and session.status = 'no_show') as no_show,
        min(session.held_on) filter (where session.is_attempt) as first_attempt_on,
        max(session.held_on) filter (where session.is_attempt and not session.is_review) as last_attempt_on,
        max(session.session_no) filter (where session.is_attempt and session.status = 'refused') as last_refused_no,
        max(session.session_no) filter (where session.pharmacy_npi is not null) as last_pharmacy_no,
        min(session.session_no) filter (where session.is_review) as first_no,
        arg_min(enrolled.starts_on, session.session_no) filter (where session.is_review) as first_starts_on
    from mtm_enrollment_year as enrolled
    inner join (
        select *, service_type = 'cmr' as is_attempt, is_attempt and status = 'completed' as is_review
        from mtm_session
        where status <> 'scheduled'
    ) as session
        on enrolled.patient_no = session.patient_no
        and session.held_on >= enrolled.starts_on
        and session.held_on < enrolled.ends_before
        and (session.contract_id is null or enrolled.contract_id is null or session.contract_id = enrolled.contract_id)
        and (session.program is null or session.program = enrolled.program)
    group by enrolled.patient_no, enrolled.program, enrolled.contract_id, enrolled.year
),

enrolled as (
    select
        row_number() over (order by patient_no, program, contract_id, year)::integer as enrolled_no,
        patient_no,
        program,
        contract_id,
        year,
        min(starts_on) as starts_on,
        min(from_on) as enrolled_on,
        max(ends_before) as ends_before,
        arg_min_null(opted_out_on, from_on) as opted_out_on,
        arg_min_null(ended_on, from_on) as ended_on,
        case when not bool_or(is_conflicting) then sum(greatest(0, ends_before - starts_on)) end::integer as enrolled_days,
        bool_or(is_conflicting) as is_conflicting,
        bool_or(
            not criteria_given
            or met_criteria_on < make_date(year + 1, 1, 1)
            or (met_criteria_on is null and targeting_reason in ('01', '02', '03'))
        ) as meets_criteria,
        min(cmr_offered_on) as first_offered_on,
        max(cmr_offered_on) filter (where cmr_offered_on < make_date(year, 1, 1)) as last_offered_on,
        min(cmr_offered_on) filter (
            where (cmr_offered_on >= make_date(year, 1, 1) or from_on >= make_date(year, 1, 1))
                and cmr_offered_on < make_date(year + 1, 1, 1)
                and cmr_offered_on <= run.as_of
        ) as cmr_offered_on,
        bool_or(cognitively_impaired) as cognitively_impaired,
        bool_or(ltc_resident) as ltc_resident
    from mtm_enrollment_year
    cross join run
    group by patient_no, program, contract_id, year
),

plan_of as (
    select
        enrolled.enrolled_no,
        arg_max(
            roster_span.plan,
            coalesce(roster_span.contract_id = enrolled.contract_id, false)::integer * 1000000 + (roster_span.from_on - date '1970-01-01')
        ) as plan
    from enrolled
    inner join roster_span
        on enrolled.patient_no = roster_span.patient_no
        and roster_span.from_on < enrolled.ends_before
        and roster_span.to_on >= enrolled.starts_on
    group by enrolled.enrolled_no
),

judged as (
    select
        enrolled.*,
        review.cmrs,
        review.refused,
        review.unable_to_reach,
        review.no_show,
        review.first_attempt_on,
        review.last_attempt_on,
        review.last_refused_no,
        review.last_pharmacy_no,
        review.first_no,
        review.first_starts_on,
        filled.pharmacy_npi as fill_pharmacy_npi,
        coalesce(plan_of.plan, patient.plan) as plan,
        case
            when enrolled.is_conflicting then 'conflicting_records'
            when enrolled.program <> 'part_d' then 'not_part_d'
            when patient.birth_date is null then 'birth_date_unknown'
            when patient.birth_date > make_date(enrolled.year - 18, 1, 1) then 'under_18'
            when not coalesce(enrolled.meets_criteria, false) then 'criteria_not_met'
            when exclusion_year.has_hospice then 'hospice'
            when enrolled.enrolled_days < 60 and review.first_no is null then 'short_enrollment'
        end as excluded_because
    from enrolled
    inner join patient on enrolled.patient_no = patient.patient_no
    left join review
        on enrolled.patient_no = review.patient_no
        and enrolled.program = review.program
        and enrolled.contract_id is not distinct from review.contract_id
        and enrolled.year = review.year
    left join exclusion_year on enrolled.patient_no = exclusion_year.patient_no and enrolled.year = exclusion_year.year
    left join pharmacy_year as filled on enrolled.patient_no = filled.patient_no and enrolled.year = filled.year and filled.is_last
    left join plan_of on enrolled.enrolled_no = plan_of.enrolled_no
)

select
    judged.enrolled_no,
    judged.patient_no,
    judged.program,
    judged.contract_id,
    judged.year,
    judged.excluded_because is null as in_denominator,
    judged.excluded_because,
    first.session_no is not null as completed,
    judged.enrolled_days,
    first.held_on as first_cmr_on,
    (first.held_on - judged.first_starts_on)::integer as days_to_cmr,
    (first.summary_sent_on - first.held_on)::integer as summary_days,
    judged.enrolled_on,
    judged.starts_on,
    judged.ends_before,
    judged.opted_out_on,
    judged.ended_on,
    least(judged.cmr_offered_on, judged.first_attempt_on) as offered_on,
    least(judged.first_offered_on, judged.first_attempt_on) as first_offered_on,
    greatest(
        judged.last_offered_on,
        max(greatest(judged.cmr_offered_on, judged.last_attempt_on, first.held_on)) over (
            partition by judged.patient_no, judged.program, judged.contract_id
            order by judged.year
            rows between unbounded preceding and 1 preceding
        )
    ) as last_offered_on,
    coalesce(judged.cmrs, 0)::integer as cmrs,
    coalesce(judged.refused, 0)::integer as refused,
    coalesce(judged.unable_to_reach, 0)::integer as unable_to_reach,
    coalesce(judged.no_show, 0)::integer as no_show,
    judged.last_attempt_on,
    coalesce(refusal.status_reason, refusal.status) as refused_because,
    first.summary_sent_on,
    first.summary_standard_format,
    first.service_id,
    first.data_source,
    first.delivery_method,
    first.setting,
    first.provider_type,
    first.provider_npi,
    first.recipient,
    judged.cognitively_impaired,
    judged.ltc_resident,
    coalesce(first.pharmacy_npi, last.pharmacy_npi, judged.fill_pharmacy_npi) as pharmacy_npi,
    judged.plan
from judged
left join mtm_session as first on judged.first_no = first.session_no
left join mtm_session as refusal on judged.last_refused_no = refusal.session_no
left join mtm_session as last on judged.last_pharmacy_no = last.session_no
