-- One row for each patient on a review list: who to look at next, and why.
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
    since_on
from list_row
