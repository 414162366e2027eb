-- One row for each patient and measure of the as-of day's year that a review list may hold: alive, not asking to be left alone, not left out,
-- the period open on the as-of day. A pharmacy-view row stands in only where the patient has no row on a roster for that measure.
-- at_stake counts the patient's measures that are due soon, overdue or a last chance.
with
enrolled as (
    select fact.patient_no, measure_code.base_measure, fact.year
    from adherence_fact as fact
    inner join measure_code on fact.measure = measure_code.measure
    where not fact.in_pharmacy_view and fact.excluded_because is distinct from 'not_enrolled'
),

open_row as (
    select fact.*, patient.patient_id, measure_code.base_measure
    from adherence_fact as fact
    inner join measure_code on fact.measure = measure_code.measure
    inner join run on fact.year = year(run.as_of)
    inner join patient on fact.patient_no = patient.patient_no
    where fact.status <> 'excluded'
        and fact.period_end >= fact.as_of
        and (patient.death_date is null or patient.death_date > fact.as_of)
        and not coalesce(patient.do_not_contact, false)
),

listed as (
    select * from open_row
    where not in_pharmacy_view
    union all
    select viewed.*
    from open_row as viewed
    anti join enrolled using (patient_no, base_measure, year)
    where viewed.in_pharmacy_view
),

discharged as (
    select distinct stay_span.patient_no
    from stay_span
    inner join run on stay_span.to_on between run.as_of - (select value::integer from setting where setting = 'recent_discharge_days') and run.as_of
)

select
    listed.patient_no,
    listed.patient_id,
    listed.measure,
    listed.base_measure,
    listed.in_pharmacy_view,
    listed.as_of,
    listed.in_denominator,
    listed.status,
    listed.adherent,
    listed.index_date,
    listed.period_end,
    listed.covered_days,
    listed.elapsed_days,
    listed.fills,
    listed.missed_days,
    listed.allowable_days_remaining,
    listed.runs_out_on,
    listed.days_late,
    listed.last_impactable_on,
    listed.pharmacy_npi,
    listed.pharmacy_fills,
    listed.last_fill_on,
    listed.last_ingredient,
    listed.last_days_supply,
    listed.last_refills_remaining,
    (select value::integer from setting where setting = 'due_soon_days') as due_soon_days,
    upper(rule.drug_word[1]) || rule.drug_word[2:] as drug,
    least(listed.urgency, 5) as bucket,
    count(*) filter (where listed.status in ('last_chance', 'overdue', 'due_soon')) over (partition by listed.patient_no) as at_stake,
    discharged.patient_no is not null as recently_discharged,
    listed.covered_days || ' of ' || listed.elapsed_days || ' days covered, ' || listed.fills
        || case when listed.fills = 1 then ' fill' else ' fills' end
        || case when listed.pharmacy_npi is null then '' else ', ' || listed.pharmacy_fills || ' at this pharmacy' end
        || '; last fill ' || strftime(listed.last_fill_on, '%-d %b') || ', ' || listed.last_ingredient || ' for '
        || listed.last_days_supply || case when listed.last_days_supply = 1 then ' day' else ' days' end
        || case when listed.in_pharmacy_view then '; own fills only, coverage assumed' else '' end as evidence
from listed
inner join adherence_measure as rule on listed.base_measure = rule.measure
left join discharged on listed.patient_no = discharged.patient_no
