-- One row for each prescription dispensed by the as-of day whose claim is final: paid or adjusted, not reversed, not replaced.
-- is_covered says that the day lies in a span of pharmacy coverage; in_pharmacy_view that its source sends no roster.
-- price is what plan and patient paid together: the allowed amount, else their parts. patient_paid_amount: copayment, coinsurance and deductible, else allowed less paid.
-- Stored in order of patient and day, so that a patient's fills lie together.
-- Ranges: patients
with final_claim as (
    select pharmacy_claim.*
    from pharmacy_claim
    anti join claim_removed using (data_source, claim_id, claim_line_number)
    where pharmacy_claim.claim_status in ('paid', 'adjusted')
        and pharmacy_claim.dispensing_date <= (select as_of from run)
)

select
    person.patient_no,
    claim.dispensing_date as dispensed_on,
    claim.days_supply,
    ndc_text.ndc_no,
    pharmacy.pharmacy_no,
    prescriber.prescriber_no,
    enrollment_span.patient_no is not null as is_covered,
    view_source.data_source is not null as in_pharmacy_view,
    claim.drug_coverage_status,
    claim.data_source,
    claim.claim_id,
    claim.claim_line_number,
    claim.ndc_code,
    claim.quantity,
    claim.refills,
    claim.refills_remaining,
    claim.dispensing_provider_npi as pharmacy_npi,
    claim.prescribing_provider_npi as prescriber_npi,
    claim.plan,
    claim.paid_amount,
    coalesce(
        case
            when coalesce(claim.copayment_amount, claim.coinsurance_amount, claim.deductible_amount) is not null
                then coalesce(claim.copayment_amount, 0) + coalesce(claim.coinsurance_amount, 0) + coalesce(claim.deductible_amount, 0)
        end,
        claim.allowed_amount - claim.paid_amount
    )::decimal(18, 4) as patient_paid_amount,
    coalesce(
        claim.allowed_amount,
        claim.paid_amount + coalesce(claim.copayment_amount, 0) + coalesce(claim.coinsurance_amount, 0) + coalesce(claim.deductible_amount, 0)
    )::decimal(18, 4) as price,
    claim.source_file,
    claim.source_line,
    claim.load_id
from final_claim as claim
inner join person
    on claim.person_id = person.patient_id
    and person.patient_no between getvariable('first_patient') and getvariable('last_patient')
inner join ndc_text on claim.ndc_code = ndc_text.ndc_code
left join dispensing_pharmacy as pharmacy on claim.dispensing_provider_npi = pharmacy.npi
left join prescriber on claim.prescribing_provider_npi = prescriber.npi
left join view_source on claim.data_source = view_source.data_source
left join enrollment_span
    on person.patient_no = enrollment_span.patient_no
    and enrollment_span.coverage = 'pharmacy'
    and claim.dispensing_date between enrollment_span.from_on and enrollment_span.to_on
order by person.patient_no, dispensed_on
