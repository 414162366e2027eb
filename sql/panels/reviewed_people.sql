-- One row for each person, programme and contract enrolled in MTM in a year: whether CMR completion counts it, or why not, and the first review. These are the
-- rows that review_left_out, review_groups, review_attempts, review_pace and, of a measure (in tmr_each_quarter one row a quarter), review_measures count; evidence is what
-- shows that the measure is reached or not. rows_in_all: how many they are, whatever the page.
-- Order: pid, which tells no day; then programme and contract.
-- Rows: patients
-- $year integer: measurement year
-- $only varchar[] optional: filters that keep, each key and each key=value
-- $never varchar[] optional: filters that leave out, each key=value
-- $why varchar optional: a reason for which CMR completion leaves out, or counted
-- $completed boolean optional: whether a review was completed
-- $unit varchar optional: plan, contract, pharm, delivery, setting, provider or recipient; then only those whom review_groups counts in the group $value
-- $value varchar optional: the group; that of those not stated when left out
-- $measure varchar optional: cmr_completion, cmr_offered_within_60_days, cmr_summary_within_14_days, cmr_summary_standard_format or tmr_each_quarter; then only those whom it counts
-- $reached boolean optional: with a measure, whether they reach it
-- $stands varchar optional: of those counted without a review, open (all of them), refused, unable_to_reach, no_show or never_offered, as review_attempts counts them
-- $stage varchar optional: of those counted, offered, reached (who had a review or refused one) or not_reached
-- $from_month integer optional: those counted whose first review was held in this month or later, as review_pace counts them; nobody where days are not shown
-- $to_month integer optional: in this month or earlier
-- $days boolean: filled in from the asker's level, true where days are shown
-- $first integer: rows before the page
-- $rows integer optional: rows of the page; all of them when left out
with measured as (
    select patient_id, contract_id, pharmacy_npi, numerator, evidence
    from measure_row
    where measure = $measure and year = $year and denominator = 1
),

kept as (
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
        fact.excluded_because,
        measured.evidence
    from cmr_fact as fact
    inner join patient on fact.patient_no = patient.patient_no
    cross join run
    left join measured
        on patient.patient_id = measured.patient_id
        and fact.contract_id is not distinct from measured.contract_id
        and fact.program = 'part_d'
    left join dispensing_pharmacy as pharmacy on fact.pharmacy_npi = pharmacy.npi
    where fact.year = $year
        and ($why is null or coalesce(fact.excluded_because, 'counted') = $why)
        and ($completed is null or fact.completed = $completed)
        and ($measure is null or (measured.patient_id is not null and ($reached is null or measured.numerator = $reached::integer)))
        and (
            $stands is null
            or (
                fact.in_denominator
                and not fact.completed
                and case $stands
                    when 'open' then true
                    when 'refused' then fact.refused > 0
                    when 'unable_to_reach' then fact.refused = 0 and fact.unable_to_reach > 0
                    when 'no_show' then fact.refused = 0 and fact.unable_to_reach = 0 and fact.no_show > 0
                    when 'never_offered' then fact.offered_on is null
                end
            )
        )
        and (
            $stage is null
            or (
                fact.in_denominator
                and case $stage
                    when 'offered' then fact.offered_on is not null
                    when 'reached' then fact.completed or fact.refused > 0
                    when 'not_reached' then not fact.completed and fact.refused = 0
                end
            )
        )
        and (
            ($from_month is null and $to_month is null)
            or ($days and fact.in_denominator and month(fact.first_cmr_on) between coalesce($from_month, 1) and coalesce($to_month, 12))
        )
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
        and chosen_person(
            $only, $never, fact.plan, fact.contract_id,
            case when $measure is null then fact.pharmacy_npi else measured.pharmacy_npi end,
            patient.birth_date, run.as_of, patient.gender, patient.language, patient.zip_code
        )
)

select *, (select count(*) from kept)::integer as rows_in_all
from kept
order by pid, program, contract_id, case when $days then evidence else hash(evidence)::varchar end
limit $rows offset $first
