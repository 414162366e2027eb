-- One row for each NDC text in final claims that no drug table knows: its fills count in no measure.
select
    fill.ndc_code,
    count(*) as fills,
    sum(fill.days_supply)::bigint as days,
    count(distinct fill.patient_no) as patients
from fill
semi join (select ndc_code from drug where ndc_match = 'none') as unknown on fill.ndc_code = unknown.ndc_code
group by fill.ndc_code
order by fills desc, days desc, fill.ndc_code
