-- One row: from how many complete months and events a month on a level of a control chart has limits, and from which mean denominator on they follow the spread that was
-- seen (settings chart_least_months, chart_least_events, chart_large_denominator).
-- Rows: reference
select
    any_value(value::integer) filter (where setting = 'chart_least_months') as least_months,
    any_value(value::integer) filter (where setting = 'chart_least_events') as least_events,
    any_value(value::integer) filter (where setting = 'chart_large_denominator') as large_denominator
from setting
where starts_with(setting, 'chart_')
