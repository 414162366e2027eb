-- One row for each programme, payer and day of service of MTM claims, and each programme and day of a session, whoever pays
-- and with the payers of its patient's claims: what the audit rules are told for it. Of the values in force on the day (audit_value) the
-- payer's own goes first, then the programme's, then everybody's; of equals the one that starts last. Null where nothing is told: the rule then asks nothing.
-- told: all of them by parameter, as told_words reads them.
with asked as (
    select distinct program, payer, service_date
    from mtm_claim_line
    union
    select program, null, held_on
    from mtm_session
    where status = 'completed'
    union
    select session.program, known.payer, session.held_on
    from mtm_session as session
    inner join (select distinct patient_no, program, payer from mtm_claim_line where payer is not null) as known
        on session.patient_no = known.patient_no and session.program = known.program
    where session.status = 'completed'
),

numbered as (
    select *, row_number() over (order by service_date, program, payer)::integer as term_no
    from asked
),

chosen as (
    select
        numbered.*,
        told.parameter,
        arg_max(told.value, (told.payer is not null, told.program is not null, told.effective_from)) as value
    from numbered
    inner join audit_value as told
        on numbered.service_date between told.effective_from and coalesce(told.effective_to, date '9999-12-31')
        and coalesce(told.program, numbered.program, '') = coalesce(numbered.program, '')
        and coalesce(told.payer, numbered.payer, '') = coalesce(numbered.payer, '')
    group by all
)

select
    term_no,
    program,
    payer,
    service_date,
    map_from_entries(list(struct_pack(parameter, value) order by parameter)) as told,
    max(value) filter (where parameter = 'time_rule') as time_rule,
    max(value) filter (where parameter = 'late_entry_days')::integer as late_entry_days,
    max(value) filter (where parameter = 'most_add_on_units')::integer as most_add_on_units,
    max(value) filter (where parameter = 'most_encounters')::integer as most_encounters,
    max(value) filter (where parameter = 'encounter_days')::integer as encounter_days,
    max(value) filter (where parameter = 'approval_lifts_limit') as approval_lifts_limit,
    max(value) filter (where parameter = 'new_patient_days')::integer as new_patient_days,
    max(value) filter (where parameter = 'phone_in_stay') as phone_in_stay,
    max(value) filter (where parameter = 'hospice_excluded') as hospice_excluded,
    max(value) filter (where parameter = 'certification_required') as certification_required,
    max(value) filter (where parameter = 'most_minutes_a_day')::integer as most_minutes_a_day,
    max(value) filter (where parameter = 'distance_allowed') as distance_allowed,
    max(value) filter (where parameter = 'least_drugs')::integer as least_drugs,
    max(value) filter (where parameter = 'least_conditions')::integer as least_conditions,
    max(value) filter (where parameter = 'qualifying_days')::integer as qualifying_days,
    max(value) filter (where parameter = 'enough_condition') as enough_condition,
    max(value) filter (where parameter = 'most_missing_drugs')::integer as most_missing_drugs,
    max(value) filter (where parameter = 'summary_days')::integer as summary_days,
    max(value) filter (where parameter = 'summary_working_days')::integer as summary_working_days,
    max(value) filter (where parameter = 'standard_summary') as standard_summary,
    max(value) filter (where parameter = 'consent_required') as consent_required,
    max(value) filter (where parameter = 'approval_required') as approval_required,
    max(value) filter (where parameter = 'part_d_excluded') as part_d_excluded,
    max(value) filter (where parameter = 'most_reviews_a_year')::integer as most_reviews_a_year,
    max(value) filter (where parameter = 'submit_days')::integer as submit_days,
    max(value) filter (where parameter = 'rationale_from_level')::integer as rationale_from_level,
    max(value) filter (where parameter = 'same_note_percent')::integer as same_note_percent,
    max(value) filter (where parameter = 'least_note_words')::integer as least_note_words,
    max(value) filter (where parameter = 'least_minutes')::integer as least_minutes
from chosen
group by term_no, program, payer, service_date
order by term_no
