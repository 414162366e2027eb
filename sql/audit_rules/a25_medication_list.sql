-- Rule: A25
-- Title: Medicines missing
-- Version: 1
-- Severity: correct
-- Statement: The list of reviewed medicines lacks no more than most_missing_drugs of those on hand in claims on the day.
-- Message: Active medicines in claims are missing from the reviewed list.
-- Recovers: nothing
-- Documents: The medication list of the session.
-- Needs: mtm_medication, pharmacy_claim
-- Parameters: most_missing_drugs
with listed as (
    select
        session.data_source,
        session.service_id,
        count(distinct medicine.ingredient) filter (where medicine.seen_in = 'claims') as missing,
        count(distinct medicine.ingredient) filter (where medicine.seen_in in ('claims', 'both')) as on_hand
    from mtm_session_medicine as medicine
    inner join mtm_session as session on medicine.session_no = session.session_no
    group by session.data_source, session.service_id
)

select
    line.line_no,
    'at most ' || term.most_missing_drugs || ' medicines missing' as expected,
    listed.missing || ' of ' || listed.on_hand || ' medicines on hand in claims are not on the list' as found,
    0 as at_risk
from audit_line as line
inner join audit_term as term on line.term_no = term.term_no
inner join listed on line.session_source is not distinct from listed.data_source and line.service_id = listed.service_id
where line.service_type = 'cmr' and listed.missing > term.most_missing_drugs
