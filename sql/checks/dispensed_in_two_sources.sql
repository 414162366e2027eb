-- Severity: warning
-- Sentence: The same person, drug, day and pharmacy in claims of two data sources: if it was one dispensing, its supply counts twice and shifts later fills. Load each dispensing from one source.
select
    fill.patient_no,
    fill.ndc_no,
    fill.dispensed_on,
    fill.pharmacy_no
from fill
where fill.pharmacy_no is not null
    and (select min(data_source) <> max(data_source) from fill)
group by fill.patient_no, fill.ndc_no, fill.dispensed_on, fill.pharmacy_no
having min(fill.data_source) <> max(fill.data_source)
