-- Rule: A10
-- Title: Units above the day
-- Version: 1
-- Severity: recover
-- Statement: A patient has no more than most_add_on_units units of 99607 on one day.
-- Message: The units are above the daily maximum.
-- Recovers: the units above the maximum, at what a unit of the line was paid
-- Documents: None: the limit holds whatever the time.
-- Parameters: most_add_on_units
with above as (
    select line.patient_no, line.service_date
    from audit_line as line
    inner join audit_term as term on line.term_no = term.term_no
    where line.is_add_on
    group by line.patient_no, line.service_date
    having sum(greatest(line.units, 0)) > min(term.most_add_on_units)
),

told as (
    select
        line.line_no,
        line.units,
        line.paid,
        term.most_add_on_units,
        sum(line.units) over (
            partition by line.patient_no, line.service_date
            order by line.submitted_on nulls last, line.data_source, line.claim_id, line.claim_line_number
            rows between unbounded preceding and current row
        ) as so_far,
        sum(line.units) over (partition by line.patient_no, line.service_date) as units_that_day
    from audit_line as line
    inner join audit_term as term on line.term_no = term.term_no
    semi join above on line.patient_no = above.patient_no and line.service_date = above.service_date
    where line.is_add_on
)

select
    line_no,
    'at most ' || most_add_on_units || ' units of 99607 on a day' as expected,
    units_that_day::integer || ' units' as found,
    least(units, so_far - most_add_on_units) * paid / units as at_risk
from told
where so_far > most_add_on_units and units > 0
