-- One row for each edit that is run on the CMS Part D MTM beneficiary file of a year, in their order: the element it looks at (its letter in that year), how bad a
-- failure is, and the words.
-- Rows: reference
-- $year integer: reporting year
select
    listed.edit,
    element.letter,
    listed.severity,
    listed.sentence,
    listed.source
from part_d_edit as listed
left join part_d_element as element
    on listed.field = element.field
    and $year between element.from_year and element.to_year
order by listed.severity, listed.place
