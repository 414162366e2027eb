-- A day in words, such as 3 Mar 2026.
create or replace macro day_words(day_) as strftime(day_, '%-d %b %Y')
