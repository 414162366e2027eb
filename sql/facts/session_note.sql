-- One row for each completed session of MTM with a note: a number of its text (the same for the same words), how many words it has, and the four smallest
-- hashes of its runs of five words, none of a note of fewer words. Two texts that share most of their runs share one of these with high probability, so that no
-- note has to be held against every other.
with note as materialized (
    select person.patient_no, service.data_source, service.service_id, note_words(service.note) as words
    from mtm_service as service
    inner join person on service.person_id = person.patient_id
    where service.status = 'completed' and service.note is not null
)

select
    patient_no,
    data_source,
    service_id,
    hash(words) as text_no,
    len(words)::integer as words,
    list_sort(word_runs(words))[1:4] as least_runs
from note
order by patient_no, service_id
