-- One row for each completed session that promised a follow-up: the day it was due, and the first completed session after it that names it (of the same
-- source), else the first session of the kind follow_up after it that names none; state: kept (by fourteen days after the due day), late, missed, or open while those fourteen days run.
with promised as (
    select session_no, patient_no, data_source, service_id, held_on, follow_up_due_on
    from mtm_session
    where status = 'completed' and follow_up_due_on is not null
),

kept as (
    select
        promised.session_no,
        coalesce(
            min(later.held_on) filter (where later.follow_up_of is not null),
            min(later.held_on)
        ) as kept_on
    from promised
    inner join mtm_session as later
        on promised.patient_no = later.patient_no
        and later.status = 'completed'
        and later.held_on > promised.held_on
        and case
            when later.follow_up_of is null then later.service_type = 'follow_up'
            else later.follow_up_of = promised.service_id and later.data_source = promised.data_source
        end
    group by promised.session_no
)

select
    promised.session_no,
    promised.patient_no,
    promised.follow_up_due_on,
    kept.kept_on,
    case
        when kept.kept_on <= promised.follow_up_due_on + 14 then 'kept'
        when kept.kept_on is not null then 'late'
        when promised.follow_up_due_on + 14 >= run.as_of then 'open'
        else 'missed'
    end as state
from promised
cross join run
left join kept on promised.session_no = kept.session_no
