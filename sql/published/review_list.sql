-- One row for each patient on a review list: who to look at next, and why.
-- Kept: table
select
    patient_id,
    list,
    reason,
    evidence,
    priority,
    due_on,
    measure,
    pharmacy_npi,
    state,
    since_on,
    patient_no
from list_row
order by list, priority
