-- One row for each laboratory test of one patient in the days that a prep sheet looks back (setting prep_sheet_days): its latest result and the one before, in the order
-- of the tests' names. test: in the words of lab_test; else the code as it came, which code holds too.
-- Rows: patients
-- Index day: index_day
-- $patient_no integer: the patient
-- $year integer: measurement year whose index day numbers the days
with index_day as (
    select min(index_date) as index_day
    from adherence_fact
    where patient_no = $patient_no and year = $year
),

named as (
    select code, min(test) as test
    from lab_test
    group by code
),

result as (
    select distinct
        coalesce(found.normalized_component_code, found.source_component_code, found.source_order_code) as code,
        coalesce(named.test, found.normalized_component_code, found.source_component_code, found.source_order_code) as test,
        found.result,
        found.source_units as units,
        found.collection_datetime as collected_at,
        found.collection_datetime::date as collected_on
    from lab_result as found
    inner join person on found.person_id = person.patient_id
    cross join run
    inner join setting on setting.setting = 'prep_sheet_days'
    left join named on coalesce(found.normalized_component_code, found.source_component_code, found.source_order_code) = named.code
    where person.patient_no = $patient_no
        and trim(found.result) <> ''
        and found.collection_datetime::date <= run.as_of
        and found.collection_datetime::date > run.as_of - setting.value::integer
),

ordered as (
    select *, row_number() over (partition by test order by collected_at desc, result desc, units, code) as place
    from result
)

select
    latest.test,
    latest.code,
    latest.result,
    latest.units,
    latest.collected_on,
    earlier.result as earlier_result,
    earlier.units as earlier_units,
    earlier.collected_on as earlier_on,
    index_day.index_day
from ordered as latest
cross join index_day
left join ordered as earlier on latest.test is not distinct from earlier.test and earlier.place = 2
where latest.place = 1
order by latest.test nulls last
