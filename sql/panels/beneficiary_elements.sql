-- One row for each element of the CMS Part D MTM beneficiary file of a year, in the file's order.
-- Rows: reference
-- $year integer: reporting year
select
    place,
    letter,
    field,
    title,
    form,
    most_characters,
    is_required,
    source
from part_d_element
where $year between from_year and to_year
order by place
