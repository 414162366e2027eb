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
-- Parameters: same_note_percent, least_note_words
with written as (
    select
        line.line_no,
        line.patient_no,
        term.same_note_percent,
        term.least_note_words,
        list_filter(string_split_regex(lower(service.note), '[^a-z0-9]+'), lambda word: word <> '') as words
    from audit_line as line
    inner join audit_term as term on line.term_no = term.term_no
    inner join mtm_service as service
        on line.session_source is not distinct from service.data_source and line.service_id = service.service_id
    where service.note is not null
),

long_enough as (
    select *, hash(words) as text_no
    from written
    where len(words) >= greatest(least_note_words, 5)
),

-- Each text once: its patients, and its runs of five words.
text as (
    select
        text_no,
        min(patient_no) as patient_no,
        count(distinct patient_no) as patients,
        any_value(words) as words
    from long_enough
    group by text_no
),

run_of_words as (
    select
        text_no,
        patient_no,
        list_sort(list_distinct(list_transform(range(1, len(words) - 3), lambda place: hash(words[place:place + 4])))) as runs
    from text
),

-- Four smallest hashes: texts that share most runs share one of these with high probability.
bucket as (
    select text_no, unnest(runs[1:4]) as bucket
    from run_of_words
),

shared as (
    select bucket, [min(text_no), max(text_no)] as others
    from bucket
    group by bucket
    having count(*) > 1
),

met as (
    select bucket.text_no, unnest(shared.others) as other_no
    from bucket
    inner join shared on bucket.bucket = shared.bucket
),

pair as (
    select met.text_no, one.patient_no, one.runs, other.patient_no as other_patient, other.runs as other_runs
    from (select distinct text_no, other_no from met where text_no <> other_no) as met
    inner join run_of_words as one on met.text_no = one.text_no
    inner join run_of_words as other on met.other_no = other.text_no
),

alike as (
    select text_no, max(100.0 * len(list_intersect(runs, other_runs)) / len(list_distinct(list_concat(runs, other_runs)))) as percent
    from pair
    where patient_no <> other_patient
    group by text_no
),

judged as (
    select text.text_no, text.patients, case when text.patients > 1 then 100.0 else alike.percent end as percent
    from text
    left join alike on text.text_no = alike.text_no
)

select
    note.line_no,
    'a note of this patient alone' as expected,
    case
        when judged.patients > 1 then 'the same text for ' || judged.patients || ' patients'
        else floor(judged.percent)::integer || '% of the text is another patient''s'
    end as found,
    line.paid as at_risk
from long_enough as note
inner join judged on note.text_no = judged.text_no
inner join audit_line as line on note.line_no = line.line_no
where judged.percent >= note.same_note_percent
