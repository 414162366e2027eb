-- One row: of those counted in CMR completion without a review, how many refused, were not reached, did not come, were offered nothing.
-- Rows: counts
-- Cells: open = offered + never_offered; open = refused + unable_to_reach + no_show + ~other; open stands alone;
--   few numerator, denominator less numerator of review_measures where measure is cmr_completion hide open
-- $year integer: measurement year
-- $only varchar[] optional: filters that keep, each key and each key=value
-- $never varchar[] optional: filters that leave out, each key=value
select
    count(*) as open,
    count(*) filter (where fact.refused > 0) as refused,
    count(*) filter (where fact.refused = 0 and fact.unable_to_reach > 0) as unable_to_reach,
    count(*) filter (where fact.refused = 0 and fact.unable_to_reach = 0 and fact.no_show > 0) as no_show,
    count(*) filter (where fact.offered_on is not null) as offered,
    count(*) filter (where fact.offered_on is null) as never_offered
from cmr_fact as fact
inner join patient on fact.patient_no = patient.patient_no
cross join run
where fact.year = $year
    and fact.in_denominator
    and not fact.completed
    and chosen_person(
        $only, $never, fact.plan, fact.contract_id, fact.pharmacy_npi,
        patient.birth_date, run.as_of, patient.gender, patient.language, patient.zip_code
    )
