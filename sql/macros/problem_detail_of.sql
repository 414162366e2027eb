-- A problem with its detail in one word, as groups and filters have it: adverse_event/bleeding, adverse_event/not_stated.
create or replace macro problem_detail_of(problem_, detail_) as problem_ || '/' || coalesce(nullif(trim(detail_), ''), 'not_stated')
