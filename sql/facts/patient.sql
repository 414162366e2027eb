-- One row for each person in any table given, with what the rosters say of them; where rows differ, the row loaded last, then the one that starts last.
-- A contact row's phone and language go before the roster's. pid is the opaque id used in addresses: random, kept from one refresh to the next. age is that of the as-of day.
with roster as (
    select
        person_id,
        arg_max(birth_date, (load_id, enrollment_start_date, source_line)) as birth_date,
        arg_max(death_date, (load_id, enrollment_start_date, source_line)) as death_date,
        arg_max(gender, (load_id, enrollment_start_date, source_line)) as gender,
        arg_max(race, (load_id, enrollment_start_date, source_line)) as race,
        arg_max(mbi, (load_id, enrollment_start_date, source_line)) as mbi,
        arg_max(middle_name, (load_id, enrollment_start_date, source_line)) as middle_name,
        arg_max(first_name, (load_id, enrollment_start_date, source_line)) as first_name,
        arg_max(last_name, (load_id, enrollment_start_date, source_line)) as last_name,
        arg_max(phone, (load_id, enrollment_start_date, source_line)) as phone,
        arg_max(language, (load_id, enrollment_start_date, source_line)) as language,
        arg_max(address, (load_id, enrollment_start_date, source_line)) as address,
        arg_max(city, (load_id, enrollment_start_date, source_line)) as city,
        arg_max(state, (load_id, enrollment_start_date, source_line)) as state,
        arg_max(zip_code, (load_id, enrollment_start_date, source_line)) as zip_code,
        arg_max(dual_status_code, (load_id, enrollment_start_date, source_line)) as dual_status_code,
        arg_max(plan, (enrollment_start_date, load_id, source_line)) as plan,
        arg_max(payer, (enrollment_start_date, load_id, source_line)) as payer,
        arg_max(contract_id, (enrollment_start_date, load_id, source_line)) as contract_id
    from eligibility
    group by person_id
),

reach as (
    select
        person_id,
        arg_max(phone, (load_id, source_line)) as phone,
        arg_max(best_time, (load_id, source_line)) as best_time,
        arg_max(language, (load_id, source_line)) as language,
        bool_or(do_not_contact) as do_not_contact
    from contact
    group by person_id
)

select
    person.patient_no,
    person.patient_id,
    person_pid.pid,
    roster.birth_date,
    date_sub('year', roster.birth_date, run.as_of)::integer as age,
    roster.death_date,
    roster.gender,
    roster.race,
    upper(regexp_replace(roster.mbi, '[\s-]', '', 'g')) as mbi,
    roster.middle_name,
    roster.first_name,
    roster.last_name,
    coalesce(reach.phone, roster.phone) as phone,
    reach.best_time,
    coalesce(reach.language, roster.language) as language,
    roster.address,
    roster.city,
    roster.state,
    roster.zip_code,
    roster.dual_status_code,
    roster.plan,
    roster.payer,
    roster.contract_id,
    roster.person_id is not null as on_roster,
    reach.do_not_contact
from person
cross join run
inner join person_pid on person.patient_no = person_pid.patient_no
left join roster on person.patient_id = roster.person_id
left join reach on person.patient_id = reach.person_id
order by person.patient_no
