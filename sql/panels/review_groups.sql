-- One row for each group of those counted in CMR completion (by plan, contract or pharmacy), or of their first reviews (by delivery method, setting, kind of
-- provider, recipient): how many are counted and how many had a review.
-- Rows: counts
-- Cells: denominator = numerator + ~open; denominator, patients add up; denominator, numerator with patients;
--   few numerator, denominator less numerator of review_measures where measure is cmr_completion hide denominator
-- $year integer: measurement year
-- $only varchar[] optional: filters that keep, each key and each key=value
-- $never varchar[] optional: filters that leave out, each key=value
-- $unit varchar: plan, contract, pharm, delivery, setting, provider or recipient
with kept as (
    select
        fact.patient_no,
        fact.completed,
        review_group(
            $unit, fact.plan, fact.contract_id, fact.pharmacy_npi, fact.delivery_method, fact.setting, fact.provider_type, fact.recipient
        ) as value
    from cmr_fact as fact
    inner join patient on fact.patient_no = patient.patient_no
    cross join run
    where fact.year = $year
        and fact.in_denominator
        and ($unit in ('plan', 'contract', 'pharm') or fact.completed)
        and chosen_person(
            $only, $never, fact.plan, fact.contract_id, fact.pharmacy_npi,
            patient.birth_date, run.as_of, patient.gender, patient.language, patient.zip_code
        )
),

grouped as (
    select
        value,
        count(distinct patient_no) as patients,
        count(*) as denominator,
        count(*) filter (where completed) as numerator
    from kept
    group by value
)

select
    grouped.value,
    coalesce(pharmacy.name, grouped.value) as label,
    grouped.* exclude (value)
from grouped
left join dispensing_pharmacy as pharmacy on $unit = 'pharm' and grouped.value = pharmacy.npi
order by grouped.value nulls last
