-- One row for each unplanned acute admission or emergency visit that began within 30 days after a gap in the supply of a class of the adherence measures: which classes, when supply
-- ended, and the day that made it a gap.
-- A gap is there on the last of so many days in a row without any supply of the class (setting supply_gap_days); the event begins on that day or in the 30 after, so that nobody must
-- stay out of hospital for a gap to be seen. Early refills of an ingredient go on after the supply before; fills of medicines that take somebody out of the class
-- (insulin, sacubitril with valsartan) are supply, and after them there is no gap. Left out: gaps on days without pharmacy coverage or after the last fill in the
-- data, and gaps with a stay between the last fill and the day that makes them: what was saved in hospital is not known.
-- Only the fills of people with an event are looked at, up to the last event, and of those only the classes of which some fill's own supply ended so many days before the next
-- fill and an event could follow: supply moved forward ends later, never earlier.
with event_patient as (
    select patient_no, max(on_day) as last_on
    from unplanned_event
    group by patient_no
),

-- Measures and ingredients as numbers: what is sorted and compared below is small.
class as (
    select
        ndc_code,
        measure,
        dense_rank() over (order by measure)::integer as measure_no,
        dense_rank() over (order by measure, ingredient)::integer as ingredient_no,
        role = 'target' as is_target,
        valid_from,
        valid_to
    from ndc_class
),

class_fill as (
    select fill.patient_no, class.measure_no, class.ingredient_no, class.is_target, fill.dispensed_on, fill.days_supply
    from fill
    inner join event_patient on fill.patient_no = event_patient.patient_no and fill.dispensed_on <= event_patient.last_on
    inner join class
        on fill.ndc_code = class.ndc_code
        and (class.valid_from is null or fill.dispensed_on >= class.valid_from)
        and (class.valid_to is null or fill.dispensed_on <= class.valid_to)
),

spaced as (
    select
        class_fill.patient_no,
        class_fill.measure_no,
        class_fill.dispensed_on + class_fill.days_supply - 1 + setting.value::integer as earliest_gap_on,
        lead(class_fill.dispensed_on) over (
            partition by class_fill.patient_no, class_fill.measure_no
            order by class_fill.dispensed_on
        ) as next_on
    from class_fill
    inner join setting on setting.setting = 'supply_gap_days'
),

near_event as (
    select distinct spaced.patient_no, spaced.measure_no
    from spaced
    inner join unplanned_event as event
        on spaced.patient_no = event.patient_no
        and event.on_day >= spaced.earliest_gap_on
        and (spaced.next_on is null or event.on_day < spaced.next_on + 30)
    where spaced.next_on is null or spaced.next_on > spaced.earliest_gap_on
),

running as (
    select
        *,
        sum(days_supply) over (
            partition by patient_no, ingredient_no
            order by dispensed_on, days_supply
            rows between unbounded preceding and current row
        )::integer as supplied
    from class_fill
    semi join near_event using (patient_no, measure_no)
),

-- Fills of the same day and length stand together: their order may differ from one window to the next.
placed as (
    select
        patient_no,
        measure_no,
        is_target,
        dispensed_on,
        max(dispensed_on - (supplied - days_supply)) over (
            partition by patient_no, ingredient_no
            order by dispensed_on, days_supply
        ) + supplied - 1 as supplied_to
    from running
),

reached as (
    select
        patient_no,
        measure_no,
        dispensed_on,
        max(supplied_to) over so_far as reach_to,
        max(case when is_target then supplied_to end) over so_far as target_to,
        lead(dispensed_on) over so_far as next_on
    from placed
    window so_far as (partition by patient_no, measure_no order by dispensed_on, supplied_to)
),

last_fill as (
    select max(dispensed_on) as on_day from fill
),

gap as (
    select
        reached.patient_no,
        reached.measure_no,
        reached.dispensed_on as last_fill_on,
        reached.reach_to::date as supply_to,
        (reached.reach_to + setting.value::integer)::date as gap_on
    from reached
    inner join setting on setting.setting = 'supply_gap_days'
    cross join last_fill
    where reached.target_to = reached.reach_to
        and (reached.next_on is null or reached.next_on > reached.reach_to + setting.value::integer)
        and reached.reach_to + setting.value::integer <= last_fill.on_day
),

stayed as (
    select distinct gap.patient_no, gap.measure_no, gap.gap_on
    from gap
    inner join stay_span as stay
        on gap.patient_no = stay.patient_no
        and stay.from_on < gap.gap_on
        and stay.to_on >= gap.last_fill_on
),

followed as (
    select event.*, gap.measure_no, gap.supply_to, gap.gap_on
    from unplanned_event as event
    inner join gap
        on event.patient_no = gap.patient_no
        and event.on_day between gap.gap_on and gap.gap_on + 30
    anti join stayed
        on gap.patient_no = stayed.patient_no
        and gap.measure_no = stayed.measure_no
        and gap.gap_on = stayed.gap_on
)

select
    followed.patient_no,
    followed.stay_no,
    followed.visit_no,
    followed.on_day,
    list_sort(list(distinct struct_pack(measure := class.measure, medicine := coalesce(named.short_title, class.measure), supply_to := followed.supply_to, gap_on := followed.gap_on))) as gaps
from followed
inner join enrollment_span as span
    on followed.patient_no = span.patient_no
    and span.coverage = 'pharmacy'
    and span.from_on <= followed.supply_to + 1
    and span.to_on >= followed.on_day
inner join (select distinct measure_no, measure from class) as class on followed.measure_no = class.measure_no
left join adherence_measure as named on class.measure = named.measure
group by followed.patient_no, followed.stay_no, followed.visit_no, followed.on_day
order by followed.patient_no, followed.on_day
