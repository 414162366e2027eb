-- One row for each step of the evidence for one MTM claim that stands: pass, fail, missing (nothing is known, which is no failure) or not applicable, with the row it
-- rests on. None for a claim with no paid line.
-- Rows: patients
-- $patient_no integer: the patient
-- $number integer: the claim, counted from the patient's first
with line as (
    select documented.*, term.consent_required, term.approval_required, term.summary_days, term.summary_working_days
    from audit_line as documented
    inner join audit_claim as claim on documented.line_no = claim.line_no
    left join audit_term as term on documented.term_no = term.term_no
    where claim.patient_no = $patient_no and claim.claim_number = $number
),

one as (
    from line
    order by claim_line_number
    limit 1
),

flag as (
    select finding.rule_id, any_value(finding.found) as found
    from audit_finding as finding
    inner join line on finding.line_no = line.line_no
    group by finding.rule_id
),

idle as (
    select rule_id, not_run_because
    from audit_rule
    where not_run_because is not null
),

step as (
    select * from (
        values
        (1, 'Coverage', ['A12', 'A14', 'A16', 'A36'], 'A12'),
        (2, 'Enrolment in MTM', ['A13', 'A39', 'A38'], 'A13'),
        (3, 'Not in hospital', ['A15'], 'A15'),
        (4, 'Documentation', ['A01', 'A02', 'A31'], 'A01'),
        (5, 'Time and units', ['A03', 'A04', 'A10', 'A19', 'A20', 'A24', 'A44'], 'A03'),
        (6, 'Pharmacist', ['A17', 'A18'], 'A17'),
        (7, 'Place of service', ['A22'], 'A22'),
        (8, 'Consent', ['A34'], 'A34'),
        (9, 'Approval', ['A35', 'A11'], 'A35'),
        (10, 'Written summary', ['A32', 'A33'], 'A32'),
        (11, 'Medicines and problems', ['A23', 'A25', 'A26', 'A29'], 'A26'),
        (12, 'Answer to recommendations', []::varchar[], ''),
        (13, 'Later fills', ['A27', 'A28'], 'A27'),
        (14, 'Billed once', ['A05', 'A06', 'A07', 'A08', 'A09', 'A37', 'A40'], 'A08'),
        (15, 'Fee', ['A41'], 'A41')
    ) as t(place, step, rules, main)
),

failed as (
    select step.place, string_agg(flag.rule_id || ': ' || flag.found, '; ' order by flag.rule_id) as found
    from step
    inner join flag on list_contains(step.rules, flag.rule_id)
    group by step.place
),

covered as (
    select eligibility.source_file, eligibility.source_line, eligibility.load_id, eligibility.enrollment_start_date as from_on, eligibility.enrollment_end_date as to_on
    from one
    inner join person on one.patient_no = person.patient_no
    inner join eligibility
        on person.patient_id = eligibility.person_id
        and one.service_date between eligibility.enrollment_start_date and eligibility.enrollment_end_date
    order by eligibility.payer = one.payer desc nulls last, eligibility.source_line
    limit 1
),

enrolled as (
    select span.source_file, span.source_line, span.load_id, span.from_on
    from one
    inner join mtm_enrollment_span as span
        on one.patient_no = span.patient_no
        and one.service_date >= span.from_on
        and one.service_date < coalesce(span.opted_out_on, date '9999-12-31')
    order by span.program = one.program desc nulls last, span.from_on
    limit 1
),

recommended as (
    select
        count(*) as made,
        count(*) filter (where fact.response in ('accepted', 'modified', 'declined')) as answered,
        count(*) filter (where fact.accepted) as accepted,
        count(*) filter (where fact.verified = 'yes') as seen,
        arg_min(fact.source_file, fact.source_line) as source_file,
        min(fact.source_line) as source_line,
        arg_min(fact.load_id, fact.source_line) as load_id
    from one
    inner join recommendation_fact as fact
        on one.patient_no = fact.patient_no
        and one.session_source is not distinct from fact.data_source
        and one.service_id = fact.service_id
),

priced as (
    select count(*) > 0 as has_fee
    from one
    inner join fee_schedule as schedule
        on one.program = schedule.program
        and one.procedure_code = schedule.procedure_code
        and one.service_date between schedule.effective_from and coalesce(schedule.effective_to, date '9999-12-31')
        and coalesce(schedule.payer, one.payer, '') = coalesce(one.payer, '')
)

select
    step.place,
    step.step,
    case
        when failed.place is not null then 'fail'
        when idle.rule_id is not null then 'missing'
        when step.place in (5, 7, 8, 11, 12, 13) and one.service_id is null then 'missing'
        when step.place = 5 and (not one.tells_times or one.minutes is null) then 'missing'
        when step.place = 6 and one.pharmacist_npi is null then 'missing'
        when step.place = 7 and (one.delivery_method is null or one.place_of_service_code is null) then 'missing'
        when step.place = 8 and coalesce(one.consent_required, 'no') <> 'yes' then 'not_applicable'
        when step.place = 8 and not one.tells_consent then 'missing'
        when step.place = 9 and coalesce(one.approval_required, 'no') <> 'yes' then 'not_applicable'
        when step.place = 10 and (coalesce(one.service_type, '') <> 'cmr' or coalesce(one.summary_days, one.summary_working_days) is null) then 'not_applicable'
        when step.place = 10 and (not one.tells_summary or one.summary_sent_on is null) then 'missing'
        when step.place in (12, 13) and recommended.made = 0 then 'not_applicable'
        when step.place = 12 and recommended.answered = 0 then 'missing'
        when step.place = 13 and recommended.accepted = 0 then 'not_applicable'
        when step.place = 13 and recommended.seen = 0 then 'missing'
        when step.place = 15 and not priced.has_fee then 'missing'
        else 'pass'
    end as standing,
    coalesce(
        failed.found,
        idle.not_run_because,
        case step.place
            when 1 then 'covered from ' || day_words(covered.from_on) || ' to ' || day_words(covered.to_on)
            when 2 then 'enrolled from ' || day_words(enrolled.from_on)
            when 4 then coalesce('written down on ' || day_words(one.documented_at), 'a completed session; when it was written down is not told')
            when 5 then round(one.minutes)::integer || ' minutes' || coalesce(', ' || strftime(one.start_time, '%H:%M') || ' to ' || strftime(one.end_time, '%H:%M'), '')
            when 6 then 'NPI ' || one.pharmacist_npi
            when 7 then 'place of service ' || one.place_of_service_code
            when 8 then 'consent on ' || day_words(one.consented_on)
            when 9 then case when coalesce(one.approval_number, one.session_approval) is not null then 'an approval number stands' end
            when 10 then 'sent on ' || day_words(one.summary_sent_on)
            when 12 then recommended.answered || ' of ' || recommended.made || ' answered'
            when 13 then recommended.seen || ' of ' || recommended.accepted || ' accepted seen in claims'
        end
    ) as found,
    case
        when step.place = 1 then covered.source_file
        when step.place = 2 then enrolled.source_file
        when step.place in (3, 6, 9, 14, 15) then one.source_file
        when step.place in (12, 13) then recommended.source_file
        else one.session_file
    end as source_file,
    case
        when step.place = 1 then covered.source_line
        when step.place = 2 then enrolled.source_line
        when step.place in (3, 6, 9, 14, 15) then one.source_line
        when step.place in (12, 13) then recommended.source_line
        else one.session_line
    end as source_line
from step
cross join one
left join covered on true
left join enrolled on true
left join recommended on true
left join priced on true
left join failed on step.place = failed.place
left join idle on step.main = idle.rule_id
order by step.place
