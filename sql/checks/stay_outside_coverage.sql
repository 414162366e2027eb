-- Severity: warning
-- Sentence: A hospital stay or emergency visit began on a day without medical coverage; it is in no rate. The roster or the claim is wrong.
with began as (
    select patient_no, admitted_on as on_day from stay_fact where is_admission
    union all
    select patient_no, visited_on from ed_visit_fact where stay_no is null
)

select began.patient_no, began.on_day
from began
anti join enrollment_span as span
    on began.patient_no = span.patient_no
    and span.coverage = 'medical'
    and began.on_day between span.from_on and span.to_on
