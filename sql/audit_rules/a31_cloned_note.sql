-- Rule: A31
-- Title: Cloned note
-- Version: 1
-- Severity: recover
-- Statement: A session's note is not another patient's: of the runs of five words in the two, fewer than same_note_percent are shared. Notes are
--   compared with the first of those that look alike by four of their smallest hashed runs; two that differ in most runs are not compared.
-- Message: The documentation is identical or nearly identical to another patient's.
-- Recovers: the payment of the line
-- Documents: What was specific to this patient in the session.
-- Needs: mtm_service.note
-- Compares: all patients
-- Parameters: same_note_percent, least_note_words
with written as (
    select line.line_no, line.paid, note.patient_no, note.data_source, note.service_id, note.text_no, note.least_runs, term.same_note_percent
    from audit_line as line
    inner join audit_term as term on line.term_no = term.term_no
    inner join session_note as note on line.session_source is not distinct from note.data_source and line.service_id = note.service_id
    where note.words >= greatest(term.least_note_words, 5)
),

-- Each text once: its patients, the first of them, and a session that has it.
text as (
    select
        text_no,
        min(patient_no) as patient_no,
        count(distinct patient_no) as patients,
        any_value(least_runs) as least_runs,
        min(struct_pack(source := data_source, id := service_id)) as session
    from written
    group by text_no
),

bucket as (
    select text_no, unnest(least_runs) as bucket
    from text
),

shared as (
    select bucket, [min(text_no), max(text_no)] as others
    from bucket
    group by bucket
    having count(*) > 1
),

met as (
    select distinct text_no, other_no
    from (
        select bucket.text_no, unnest(shared.others) as other_no
        from bucket
        inner join shared on bucket.bucket = shared.bucket
    )
    where text_no <> other_no
),

-- The runs of the texts that may be alike, and of no others.
run_of_words as (
    select text.text_no, text.patient_no, list_distinct(word_runs(note_words(service.note))) as runs
    from text
    semi join (select text_no from met union select other_no from met) as known on text.text_no = known.text_no
    inner join mtm_service as service
        on (text.session).source is not distinct from service.data_source and (text.session).id = service.service_id
),

alike as (
    select
        met.text_no,
        max(100.0 * len(list_intersect(one.runs, other.runs)) / len(list_distinct(list_concat(one.runs, other.runs)))) as percent
    from met
    inner join run_of_words as one on met.text_no = one.text_no
    inner join run_of_words as other on met.other_no = other.text_no
    where one.patient_no <> other.patient_no
    group by met.text_no
),

judged as (
    select text.text_no, text.patients, case when text.patients > 1 then 100.0 else alike.percent end as percent
    from text
    left join alike on text.text_no = alike.text_no
    where text.patients > 1 or alike.text_no is not null
)

select
    written.line_no,
    'a note of this patient alone' as expected,
    case
        when judged.patients > 1 then 'the same text for ' || judged.patients || ' patients'
        else floor(judged.percent)::integer || '% of the text is another patient''s'
    end as found,
    written.paid as at_risk
from written
inner join judged on written.text_no = judged.text_no
where judged.percent >= written.same_note_percent
