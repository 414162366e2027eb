-- The hashes of the runs of five words in the words of note_words, in their order; none of fewer than five words.
create or replace macro word_runs(words_) as list_transform(
    list_zip(words_, words_[2:], words_[3:], words_[4:], words_[5:], true),
    lambda run: hash(run)
)
