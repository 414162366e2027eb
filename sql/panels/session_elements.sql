-- One row for each element that a programme may ask of a session, with its title.
-- Rows: reference
select element, any_value(title) as title
from session_element
group by element
order by min(place), element
