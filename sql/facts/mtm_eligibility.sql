-- One row for each patient enrolled with pharmacy coverage on the as-of day: whether claims put the patient into MTM by the criteria of the as-of day's year and
-- the patient's programme (that of the MTM enrolment, else by payer), against who is enrolled.
-- core_diseases: those of the ten core diseases whose condition is current. drugs: different ingredients, or combinations, filled in the 90 days up to the
-- as-of day, enhanced and over-the-counter fills aside; an unknown NDC counts as one. annual_cost: what plan and patient paid for these fills, times four.
-- At risk under drug management (targeting reason 02 or 03) belongs whatever the rest. Not computable (is_eligible null) where mtm_criteria has none of the
-- programme and year; and, unless what is known decides, without medical coverage or medical claims, without any pharmacy claims, or where a cost is asked for
-- and some of these fills name no price.
-- standing_because: criteria, at_risk (drug management alone), what is below the least (diseases, drugs, cost, joined by +), no_criteria, no_pharmacy, no_medical or no_cost.
-- pharmacy_npi: that of the last such fill; of one day, the highest NPI.
with enrolled as (
    select patient_no, arg_max(program, (from_on, program)) as program, bool_or(targeting_reason in ('02', '03')) as is_at_risk
    from mtm_enrollment_span
    cross join run
    where from_on <= run.as_of and (opted_out_on is null or opted_out_on > run.as_of)
    group by patient_no
),

payer as (
    select person.patient_no, arg_max(eligibility.payer_type, (eligibility.enrollment_start_date, eligibility.load_id)) as payer_type
    from eligibility
    inner join person on eligibility.person_id = person.patient_id
    inner join run on run.as_of between eligibility.enrollment_start_date and eligibility.enrollment_end_date
    group by person.patient_no
),

covered as (
    select
        span.patient_no,
        coalesce(
            enrolled.program,
            case lower(payer.payer_type) when 'medicare' then 'part_d' when 'medicaid' then 'medicaid' when 'commercial' then 'commercial' end,
            'other'
        ) as program,
        enrolled.patient_no is not null as is_enrolled,
        coalesce(enrolled.is_at_risk, false) as is_at_risk,
        medical.patient_no is not null as has_medical_coverage,
        run.as_of
    from enrollment_span as span
    inner join run on run.as_of between span.from_on and span.to_on
    left join enrollment_span as medical
        on span.patient_no = medical.patient_no and medical.coverage = 'medical' and run.as_of between medical.from_on and medical.to_on
    left join enrolled on span.patient_no = enrolled.patient_no
    left join payer on span.patient_no = payer.patient_no
    where span.coverage = 'pharmacy'
),

disease as (
    select fact.patient_no, list_sort(list(distinct rule.core_disease)) as core_diseases
    from condition_fact as fact
    inner join chronic_condition as rule on fact.condition = rule.condition
    where fact.is_current and rule.core_disease is not null
    group by fact.patient_no
),

product as (
    select ndc_code, dense_rank() over (order by coalesce(nullif(array_to_string(ingredients, ';'), ''), ndc_code)) as drug_no
    from drug
),

recent as (
    select
        fill.patient_no,
        (fill.dispensed_on - date '1970-01-01') * 4294967296 + fill.pharmacy_no as day_and_pharmacy,
        product.drug_no,
        fill.price
    from fill
    inner join run on fill.dispensed_on > run.as_of - 90
    inner join product on fill.ndc_code = product.ndc_code
    where coalesce(fill.drug_coverage_status, 'C') not in ('E', 'O')
),

-- Day and number of the pharmacy are one whole number, so that the last fill's is the greatest.
drugs as (
    select summed.patient_no, summed.drugs, summed.annual_cost, summed.is_priced, pharmacy.npi as pharmacy_npi
    from (
        select
            patient_no,
            count(distinct drug_no)::integer as drugs,
            (sum(price) * 4)::double as annual_cost,
            count(price) = count(*) as is_priced,
            max(day_and_pharmacy) as day_and_pharmacy
        from recent
        group by patient_no
    ) as summed
    left join dispensing_pharmacy as pharmacy on summed.day_and_pharmacy % 4294967296 = pharmacy.pharmacy_no
),

has_claims as (
    select
        (select count(*) > 0 from (from final_medical_line limit 1)) as of_medical_care,
        (select count(*) > 0 from (from fill limit 1)) as of_fills
),

measured as (
    select
        covered.patient_no,
        covered.program,
        year(covered.as_of)::integer as year,
        covered.is_enrolled,
        covered.is_at_risk,
        case when has_claims.of_medical_care and covered.has_medical_coverage then coalesce(len(disease.core_diseases), 0) end::integer as core_diseases,
        disease.core_diseases as diseases,
        case when has_claims.of_fills then coalesce(drugs.drugs, 0) end as drugs,
        case
            when drugs.patient_no is null then case when has_claims.of_fills then 0 end
            when drugs.is_priced or drugs.annual_cost >= criteria.annual_cost then drugs.annual_cost
        end as annual_cost,
        drugs.pharmacy_npi,
        criteria.conditions as least_diseases,
        criteria.drugs as least_drugs,
        criteria.annual_cost as least_cost
    from covered
    cross join has_claims
    left join mtm_criteria as criteria on year(covered.as_of) = criteria.year and covered.program = criteria.program
    left join disease on covered.patient_no = disease.patient_no
    left join drugs on covered.patient_no = drugs.patient_no
),

judged as (
    select
        *,
        core_diseases >= least_diseases and drugs >= least_drugs and (least_cost is null or annual_cost >= least_cost) as meets_criteria,
        is_at_risk or meets_criteria as is_eligible
    from measured
)

select
    patient_no,
    year,
    program,
    is_enrolled,
    is_eligible,
    is_at_risk,
    core_diseases,
    diseases,
    drugs,
    annual_cost,
    case
        when is_eligible is null then 'not_computable'
        when is_eligible and is_enrolled then 'eligible_and_enrolled'
        when is_eligible then 'eligible_not_enrolled'
        when is_enrolled then 'enrolled_not_eligible'
        else 'neither'
    end as standing,
    case
        when meets_criteria then 'criteria'
        when is_at_risk then 'at_risk'
        when least_diseases is null then 'no_criteria'
        when meets_criteria is null then case when drugs is null then 'no_pharmacy' when core_diseases is null then 'no_medical' else 'no_cost' end
        else array_to_string(list_filter([
            case when core_diseases < least_diseases then 'diseases' end,
            case when drugs < least_drugs then 'drugs' end,
            case when annual_cost < least_cost then 'cost' end
        ], lambda lack: lack is not null), '+')
    end as standing_because,
    least_diseases,
    least_drugs,
    least_cost,
    pharmacy_npi,
    case when is_at_risk then 'at risk under drug management; ' else '' end
        || coalesce(core_diseases || ' core diseases', 'core diseases not computable') || coalesce(' of ' || least_diseases, '')
        || ', ' || coalesce(drugs || ' drugs', 'drugs not computable') || coalesce(' of ' || least_drugs, '')
        || case
            when least_diseases is null then '; no criteria of ' || year
            when least_cost is null then ''
            else ', ' || coalesce('$' || round(annual_cost)::bigint, 'cost not computable') || ' a year of $' || round(least_cost)::bigint
        end as evidence
from judged
