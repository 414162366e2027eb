-- The words by which a problem of a list is dismissed: the patient's opaque id, the list and what it is about (a medicine, a pair, a measure; nothing where
-- the list knows one problem a patient).
create or replace macro problem_key(pid_, list_, subject_, measure_) as
    concat_ws('|', pid_, list_, coalesce(subject_, measure_, ''))
