-- The upper end of Wilson's 95% interval of n in d; null when d is 0. Source: Wilson 1927, z = 1.959963984540054.
-- Below the root stands nothing negative, so that rates that are no proportions do not fail where the engine reads ahead.
create or replace macro wilson_upper(n_, d_) as case
    when d_ > 0 then least(1, (
        n_ + 1.9207294103470618 + 1.959963984540054 * sqrt(greatest(0, n_ * (d_ - n_)::double / d_ + 0.9603647051735309))
    ) / (d_ + 3.8414588206941236))
end
