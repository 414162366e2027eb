-- One row: follow-ups that sessions promised for a day of a year, and what became of them: kept (by fourteen days after the day), late, missed, or still open.
-- Rows: counts
-- Cells: promised = kept + late + missed + open; promised stands alone; patients stands alone; promised with patients
-- $year integer: the year
-- $only varchar[] optional: filters that keep, each key and each key=value
-- $never varchar[] optional: filters that leave out, each key=value
select
    count(*) as promised,
    count(distinct fact.patient_no) as patients,
    count(*) filter (where fact.state = 'kept') as kept,
    count(*) filter (where fact.state = 'late') as late,
    count(*) filter (where fact.state = 'missed') as missed,
    count(*) filter (where fact.state = 'open') as open
from mtm_follow_up as fact
inner join mtm_session as promise on fact.session_no = promise.session_no
inner join patient on fact.patient_no = patient.patient_no
cross join run
where year(fact.follow_up_due_on) = $year
    and chosen_person(
            $only, $never, patient.plan, coalesce(promise.contract_id, patient.contract_id), promise.pharmacy_npi,
            patient.birth_date, run.as_of, patient.gender, patient.language, patient.zip_code
        )
