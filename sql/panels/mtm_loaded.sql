-- One row: which MTM records of anybody in scope are there.
-- Rows: reference
select
    (select count(*) > 0 from (from mtm_enrollment_span limit 1)) as has_enrollments,
    (select count(*) > 0 from (from mtm_session limit 1)) as has_sessions,
    (select count(*) > 0 from (from recommendation_fact limit 1)) as has_recommendations
