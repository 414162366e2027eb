-- One row for each patient whom the Part D rate counts and whose review is not done: by when it must be held, whom to call, what was tried.
-- Rows: patients
-- $year integer: the year
-- $program varchar optional: part_d, medicaid, commercial or other
-- $contracts varchar[] optional: contracts
-- $plans varchar[] optional: plans
-- $pharmacies varchar[] optional: pharmacies, by NPI
-- $first integer: rows before the page
-- $rows integer optional: rows of the page; all of them when left out
select
    patient.patient_no,
    patient.patient_id,
    patient.pid,
    patient.first_name,
    patient.last_name,
    date_sub('year', patient.birth_date, run.as_of)::integer as age,
    patient.phone,
    patient.language,
    patient.do_not_contact,
    fact.contract_id,
    fact.plan,
    fact.pharmacy_npi,
    pharmacy.name as pharmacy_name,
    fact.starts_on as from_on,
    (fact.ends_before - 1)::date as due_on,
    fact.offered_on,
    (fact.refused + fact.unable_to_reach + fact.no_show)::integer as attempts,
    fact.last_attempt_on,
    fact.refused_because as decline_reason,
    fact.cognitively_impaired,
    fact.ltc_resident
from cmr_fact as fact
cross join run
inner join patient on fact.patient_no = patient.patient_no
left join dispensing_pharmacy as pharmacy on fact.pharmacy_npi = pharmacy.npi
where fact.year = $year
    and fact.in_denominator
    and not fact.completed
    and fact.ends_before > run.as_of + 1
    and ($program is null or fact.program = $program)
    and ($contracts is null or list_contains($contracts, fact.contract_id))
    and ($plans is null or list_contains($plans, fact.plan))
    and ($pharmacies is null or list_contains($pharmacies, fact.pharmacy_npi))
order by due_on, fact.refused > 0, attempts, fact.enrolled_on, patient.patient_id, fact.contract_id
limit coalesce($rows, 2147483647) offset $first
