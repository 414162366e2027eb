-- One row for each measure of the adherence family: its words and settings; the pharmacy view of a measure stands after it.
-- Rows: reference
with view as (
    select * from (values
        (false, '', '', ''),
        (true, '_pharmacy_view', ', pharmacy view', ' (pharmacy view: own fills only, coverage assumed; not comparable with Star rates)')
    ) as v(in_pharmacy_view, suffix, short_words, long_words)
)

select
    m.measure || v.suffix as measure,
    m.measure as base_measure,
    m.title || v.long_words as title,
    m.short_title || v.short_words as short_title,
    m.drug_word,
    m.threshold_percent::integer as threshold_percent,
    m.min_ingredients::integer as min_ingredients,
    m.min_age::integer as min_age,
    m.excludes_esrd,
    m.excludes_hospice,
    m.exclusion_reason,
    m.is_star and not v.in_pharmacy_view as is_star,
    v.in_pharmacy_view,
    m.source
from adherence_measure as m
cross join view as v
order by v.in_pharmacy_view, m.is_star desc, m.measure in ('pdc_statins') desc, m.measure in ('pdc_rasa') desc, m.measure
