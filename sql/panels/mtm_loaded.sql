-- One row: which MTM records of anybody in scope are there, and which claims.
-- Rows: reference
select
    (select count(*) > 0 from (from mtm_enrollment_span limit 1)) as has_enrollments,
    (select count(*) > 0 from (from mtm_session limit 1)) as has_sessions,
    (select count(*) > 0 from (from recommendation_fact limit 1)) as has_recommendations,
    (select count(*) > 0 from (from fill limit 1)) as has_pharmacy_claim,
    (select count(*) > 0 from (from final_medical_line limit 1)) as has_medical_claim,
    (select count(*) > 0 from (from lab_result limit 1)) as has_lab_result
