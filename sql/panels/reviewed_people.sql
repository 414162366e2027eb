-- One row for each person, programme and contract enrolled in MTM in a year: whether CMR completion counts it, or why not, and the first review. These are the
-- rows that review_left_out and review_groups count. rows_in_all: how many they are, whatever the page.
-- Order: pid, which tells no day; then programme and contract.
-- Rows: patients
-- $year integer: measurement year
-- $only varchar[] optional: filters that keep, each key and each key=value
-- $never varchar[] optional: filters that leave out, each key=value
-- $why varchar optional: a reason for which CMR completion leaves out, or counted
-- $completed boolean optional: whether a review was completed
-- $unit varchar optional: plan, contract, pharm, delivery, setting, provider or recipient; then only those whom review_groups counts in the group $value
-- $value varchar optional: the group; that of those not stated when left out
-- $first integer: rows before the page
-- $rows integer optional: rows of the page; all of them when left out
with kept as (
    select
        patient.pid,
        patient.patient_id,
        patient.first_name,
        patient.last_name,
        patient.phone,
        patient.do_not_contact,
        date_sub('year', patient.birth_date, run.as_of) as age,
        fact.plan,
        fact.contract_id,
        fact.program,
        fact.pharmacy_npi,
        pharmacy.name as pharmacy_name,
        fact.enrolled_on,
        fact.offered_on,
        fact.first_cmr_on,
        fact.completed,
        fact.excluded_because
    from cmr_fact as fact
    inner join patient on fact.patient_no = patient.patient_no
    cross join run
    left join dispensing_pharmacy as pharmacy on fact.pharmacy_npi = pharmacy.npi
    where fact.year = $year
        and ($why is null or coalesce(fact.excluded_because, 'counted') = $why)
        and ($completed is null or fact.completed = $completed)
        and (
            $unit is null
            or (
                fact.in_denominator
                and ($unit in ('plan', 'contract', 'pharm') or fact.completed)
                and review_group(
                    $unit, fact.plan, fact.contract_id, fact.pharmacy_npi, fact.delivery_method, fact.setting, fact.provider_type, fact.recipient
                ) is not distinct from $value
            )
        )
        -- Who has no plan at the enrolment is filtered by the latest one where reasons are counted, and by none where groups are.
        and chosen_person(
            $only, $never, case when $unit is null then coalesce(fact.plan, patient.plan) else fact.plan end, fact.contract_id, fact.pharmacy_npi,
            patient.birth_date, run.as_of, patient.gender, patient.language, patient.zip_code
        )
)

select *, (select count(*) from kept)::integer as rows_in_all
from kept
order by pid, program, contract_id
limit $rows offset $first
