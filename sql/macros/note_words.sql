-- The hashes of a note's words in their order: runs of letters and digits, whatever their case.
create or replace macro note_words(note_) as list_transform(regexp_extract_all(lower(note_), '[a-z0-9]+'), lambda word: hash(word))
