-- What a rule of these parameters is told by the terms of a claim (audit_term.told), in words: each parameter with its value, by name; null where nothing is told.
create or replace macro told_words(parameters_, told_) as nullif(
    array_to_string([name || ' ' || told_[name] for name in list_sort(parameters_) if told_[name] is not null], ', '),
    ''
)
