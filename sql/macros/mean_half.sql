-- Half the width of the 95% interval of a mean of n_ whole numbers (normal), from their sum and the sum of their squares: whole until the root, so that the order of
-- rows changes no digit. Null for fewer than two.
create or replace macro mean_half(n_, sum_, squares_) as
    1.959963984540054 * sqrt((n_ * squares_ - sum_ * sum_)::double / nullif(n_::double * n_ * (n_ - 1), 0))
