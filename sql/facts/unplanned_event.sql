-- One row for each unplanned acute admission and each emergency visit that led to no stay: the stay or the visit, and the day it began.
select stay.patient_no, stay.stay_no, null::integer as visit_no, stay.admitted_on as on_day
from stay_fact as stay
inner join readmission on stay.stay_no = readmission.stay_no
where stay.kind = 'acute' and stay.is_admission and readmission.planned is distinct from true
union all
select patient_no, null, visit_no, visited_on
from ed_visit_fact
where stay_no is null
order by patient_no, on_day
