-- Rule: A22
-- Title: Place and method differ
-- Version: 1
-- Severity: correct
-- Statement: The place of service agrees with how the session was held, and the payer allows that way: 02 and 10 are telephone or video, every other
--   place is face to face.
-- Message: The delivery method does not match the code or the place of service.
-- Recovers: nothing; the claim is corrected and sent again
-- Documents: The session note; the corrected claim.
-- Needs: mtm_service.delivery_method
-- Parameters: distance_allowed
with told as (
    select
        line.line_no,
        line.place_of_service_code,
        line.delivery_method,
        term.distance_allowed,
        line.delivery_method in ('02', '03') as is_distant,
        line.place_of_service_code in ('02', '10') as is_distant_place
    from audit_line as line
    inner join audit_term as term on line.term_no = term.term_no
    where line.delivery_method in ('01', '02', '03')
)

select
    line_no,
    case
        when is_distant and distance_allowed = 'no' then 'face to face'
        when is_distant then 'place of service 02 or 10'
        else 'a place of service other than 02 and 10'
    end as expected,
    'held ' || case delivery_method when '01' then 'face to face' when '02' then 'by telephone' else 'by video' end
    || coalesce(', place of service ' || place_of_service_code, '') as found,
    0 as at_risk
from told
where (is_distant and distance_allowed = 'no') or is_distant <> is_distant_place
