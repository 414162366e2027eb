-- One row for each NDC text in claims and way to read it as an eleven-digit code (labeler 5, product 4, package 2).
-- Dashes tell which part lacks a zero; ten digits without dashes may lack it in any of three places, and nine digits are labeler and
-- product, or a code whose two leading zeros were lost in a spreadsheet: such readings are guesses, to be settled by which of them
-- are known. ndc11 is null where only labeler and product are given. Twelve digits (6-4-2, from 2033) stay as they are.
with
written as (
    select
        ndc_code,
        regexp_replace(ndc_code, '[^0-9-]', '', 'g') as kept,
        regexp_replace(ndc_code, '[^0-9]', '', 'g') as digits
    from claim_ndc
),

segmented as (
    select
        ndc_code,
        digits,
        length(digits) as size,
        string_split(kept, '-') as segment,
        regexp_matches(kept, '^[0-9]{4,5}-[0-9]{3,4}-[0-9]{1,2}$') as is_dashed,
        regexp_matches(kept, '^[0-9]{4,5}-[0-9]{3,4}$') as is_product
    from written
)

select
    ndc_code,
    lpad(segment[1], 5, '0') || lpad(segment[2], 4, '0') || lpad(segment[3], 2, '0') as ndc11,
    lpad(segment[1], 5, '0') || lpad(segment[2], 4, '0') as ndc9,
    false as is_guess
from segmented
where is_dashed
union all
select ndc_code, null, lpad(segment[1], 5, '0') || lpad(segment[2], 4, '0'), false
from segmented
where is_product
union all
select ndc_code, digits, left(digits, 9), false
from segmented
where size = 11 and not is_dashed
union all
select ndc_code, '0' || digits, '0' || left(digits, 8), true
from segmented
where size = 10 and not is_dashed
union all
select ndc_code, left(digits, 5) || '0' || right(digits, 5), left(digits, 5) || '0' || digits[6:8], true
from segmented
where size = 10 and not is_dashed
union all
select ndc_code, left(digits, 9) || '0' || right(digits, 1), left(digits, 9), true
from segmented
where size = 10 and not is_dashed
union all
select ndc_code, null, digits, true
from segmented
where size = 9 and not is_product and not is_dashed
union all
select ndc_code, '00' || digits, '00' || left(digits, 7), true
from segmented
where size = 9 and not is_product and not is_dashed
union all
select ndc_code, digits, null, false
from segmented
where size = 12
