-- The months of a calendar year, bit 0 for January, that have at least a day of a span of days; the span must touch the year.
create or replace macro month_bits(from_on_, to_on_, year_) as
    (4095 >> (12 - case when year(to_on_) = year_ then month(to_on_) else 12 end))
    & (4095 << (case when year(from_on_) = year_ then month(from_on_) else 1 end - 1))
