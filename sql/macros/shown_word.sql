-- A reason or strategy in somebody's own words as lists of numbers show it: by the word common to 3 patients or more, else 'in other words' (it may name
-- somebody); not_stated when nothing was said.
create or replace macro shown_word(common_, said_) as
    coalesce(common_, case when trim(said_) <> '' then 'in other words' else 'not_stated' end)
