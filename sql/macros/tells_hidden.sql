-- Whether a measure's numbers would tell, with those of other measures or pages, one that is hidden: the denominator of hospital_after_no_fill is another measure's numerator;
-- the pages of interventions and sessions tell what the others count in parts (no answer, withdrawn, still open, not applicable, ...), with nothing small that follows. Who
-- sees no small cells is told nothing of these measures beside the pages.
create or replace macro tells_hidden(measure_) as
    measure_ in (
        'hospital_after_no_fill', 'acceptance_of_made', 'acceptance_of_answered', 'acceptance_verified', 'problems_resolved_within_60_days',
        'barrier_adherent_before', 'barrier_adherent_after', 'follow_up_kept', 'session_completeness', 'opportunities_done'
    )
