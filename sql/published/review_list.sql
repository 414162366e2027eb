-- One row for each patient on a review list: who to look at next, and why; dismissed while a decision of a person stands, as it was known to the last refresh.
select
    list_row.patient_id,
    list_row.list,
    list_row.reason,
    list_row.evidence,
    list_row.priority,
    list_row.due_on,
    list_row.measure,
    list_row.pharmacy_npi,
    case when dismissed.list is null then list_row.state else 'dismissed' end as state,
    list_row.since_on
from list_row
left join dismissed_problem as dismissed
    on list_row.patient_no = dismissed.patient_no
    and list_row.list = dismissed.list
    and coalesce(list_row.subject, list_row.measure, '') = dismissed.subject
    and dismissed.until_on >= current_date
