-- One row for each pharmacist or pharmacy, for a funnel: of what it has below the line in a year, how much is unusual if there is much of it. A signal for a closer look, never a finding.
-- Rows: counts
-- Cells: numerator, denominator, patients are never told
-- $year integer: the year
-- $signal varchar: severe (pharmacists: problems with a severity, those of level 6 and 7), unreached (pharmacies: sessions and attempts that ended, those that reached nobody) or flagged
-- (pharmacies: paid claims, those that a rule flags)
-- $program varchar optional: part_d, medicaid, commercial or other
-- $pharmacies varchar[] optional: pharmacies, by NPI
with counted as (
    select session.provider_npi as value, fact.patient_no, fact.severity_level >= 6 as is_counted
    from recommendation_fact as fact
    inner join mtm_session as session on fact.session_no = session.session_no
    where $signal = 'severe'
        and fact.severity_level is not null
        and year(fact.identified_date) = $year
        and ($program is null or session.program = $program)
        and ($pharmacies is null or list_contains($pharmacies, session.pharmacy_npi))
    union all
    select pharmacy_npi, patient_no, status in ('unable_to_reach', 'no_show')
    from mtm_session
    where $signal = 'unreached'
        and status in ('completed', 'refused', 'unable_to_reach', 'no_show')
        and year(held_on) = $year
        and ($program is null or program = $program)
        and ($pharmacies is null or list_contains($pharmacies, pharmacy_npi))
    union all
    select pharmacy_npi, any_value(patient_no), bool_or(flags > 0)
    from audit_claim
    where $signal = 'flagged'
        and is_final
        and year(held_on) = $year
        and ($program is null or program = $program)
        and ($pharmacies is null or list_contains($pharmacies, pharmacy_npi))
    group by pharmacy_npi, data_source, claim_id
)

select
    counted.value,
    case when $signal = 'severe' then counted.value else coalesce(any_value(pharmacy.name), counted.value) end as label,
    count(*) filter (where counted.is_counted) as numerator,
    count(*) as denominator,
    count(distinct counted.patient_no) as patients
from counted
left join dispensing_pharmacy as pharmacy on $signal <> 'severe' and counted.value = pharmacy.npi
where counted.value is not null
group by counted.value
order by label, counted.value
