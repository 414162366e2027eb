-- Whether a measure's denominator is another measure's numerator: who sees no small cells is told nothing of it, since that numerator may be hidden.
create or replace macro is_rest_of_another(measure_) as measure_ = 'hospital_after_no_fill'
