-- One row for each person, programme and contract counted in CMR completion without a review, alive, whose enrolment goes on after the as-of day: what was tried, by
-- when the review must be held (the last day of enrolment in the year), and by when it had to be offered (60 days after enrolment; of who was
-- enrolled before the year, a year after the last offer).
-- Order: those whose enrolment ends first; then who refused after the others; then offers that are due; then who waits longest since enrolment.
-- Rows: patients
-- $year integer: measurement year
-- $only varchar[] optional: filters that keep, each key and each key=value
-- $never varchar[] optional: filters that leave out, each key=value
-- $days boolean: filled in from the asker's level, true where days are shown; else the order of rows tells nothing that is not shown
-- $first integer: rows before the page
-- $rows integer optional: rows of the page; all of them when left out
select
    patient.pid,
    patient.patient_id,
    patient.first_name,
    patient.last_name,
    patient.phone,
    patient.phone is not null as has_phone,
    patient.best_time,
    patient.language,
    patient.do_not_contact,
    date_sub('year', patient.birth_date, run.as_of) as age,
    fact.plan,
    fact.contract_id,
    fact.pharmacy_npi,
    pharmacy.name as pharmacy_name,
    fact.enrolled_on,
    fact.offered_on,
    fact.last_offered_on,
    case when year(fact.enrolled_on) = fact.year then fact.enrolled_on + 60 else (fact.last_offered_on + interval 1 year)::date end as offer_due_on,
    fact.ends_before - 1 as review_due_on,
    fact.refused,
    fact.unable_to_reach,
    fact.no_show,
    fact.last_attempt_on,
    fact.cognitively_impaired,
    fact.ltc_resident
from cmr_fact as fact
inner join patient on fact.patient_no = patient.patient_no
cross join run
left join dispensing_pharmacy as pharmacy on fact.pharmacy_npi = pharmacy.npi
where fact.year = $year
    and fact.in_denominator
    and not fact.completed
    and fact.ends_before - 1 > run.as_of
    and (patient.death_date is null or patient.death_date > run.as_of)
    and chosen_person(
        $only, $never, fact.plan, fact.contract_id, fact.pharmacy_npi,
        patient.birth_date, run.as_of, patient.gender, patient.language, patient.zip_code
    )
order by
    case when $days then review_due_on end,
    fact.refused > 0,
    fact.offered_on is not null,
    case when $days then coalesce(offer_due_on, fact.enrolled_on) end,
    case when $days then fact.enrolled_on end,
    patient.pid
limit $rows offset $first
