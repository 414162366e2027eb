-- Rule: A37
-- Title: More reviews than paid
-- Version: 1
-- Severity: recover
-- Statement: A patient has no more than most_reviews_a_year paid comprehensive reviews in a contract and calendar year; the later ones are flagged.
-- Message: More than one comprehensive review was paid in the year.
-- Recovers: the payment of the line
-- Documents: The reason for a further review.
-- Needs: mtm_service
-- Parameters: most_reviews_a_year
with review as (
    select distinct line.patient_no, line.program, line.payer, line.contract_id, line.service_date
    from audit_line as line
    where line.service_type = 'cmr'
),

counted as (
    select
        *,
        row_number() over (partition by patient_no, program, payer, contract_id, year(service_date) order by service_date) as review
    from review
)

select
    line.line_no,
    'at most ' || term.most_reviews_a_year || ' paid in ' || year(line.service_date) as expected,
    'review ' || counted.review || ' of the year' as found,
    line.paid as at_risk
from audit_line as line
inner join audit_term as term on line.term_no = term.term_no
inner join counted
    on line.patient_no = counted.patient_no
    and line.program is not distinct from counted.program
    and line.payer is not distinct from counted.payer
    and line.contract_id is not distinct from counted.contract_id
    and line.service_date = counted.service_date
where line.service_type = 'cmr' and counted.review > term.most_reviews_a_year
