-- One row for each medicine that a session reviewed, and for each ingredient on hand in claims on its day: on both, only reviewed, or only in claims.
-- Rows: patients
-- $service_id varchar: the session
-- $data_source varchar optional: who sent it
select
    fact.line,
    fact.ingredient,
    fact.name,
    fact.source,
    fact.indication,
    fact.indicated,
    fact.effective,
    fact.safe,
    fact.adherent,
    fact.decision,
    fact.last_fill_on,
    fact.runs_out_on,
    fact.seen_in
from mtm_session_medicine as fact
inner join mtm_session as session on fact.session_no = session.session_no
where session.service_id = $service_id and ($data_source is null or session.data_source = $data_source)
order by fact.line nulls last, fact.ingredient
