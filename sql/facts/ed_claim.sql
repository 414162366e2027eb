-- One row for each final claim that shows a visit to an emergency department without an inpatient bill of its own: an outpatient bill with an emergency
-- revenue or HCPCS code, or a professional claim at place of service 23 (an emergency HCPCS code where the place is missing). An emergency line on an
-- inpatient bill is a mark on the stay (hospital_bill.has_emergency), not a visit.
with code as (
    select
        list(code) filter (where code_system = 'revenue') as revenue,
        list(code) filter (where code_system = 'hcpcs') as hcpcs,
        list(code) filter (where code_system = 'place_of_service') as place
    from value_set
    where "set" = 'emergency_department'
),

line as (
    select
        claim.load_id,
        claim.source_file,
        claim.source_line,
        coalesce(claim.claim_line_start_date, claim.claim_start_date) as from_on,
        least(
            greatest(coalesce(claim.claim_line_end_date, claim.claim_end_date, claim.claim_start_date), coalesce(claim.claim_line_start_date, claim.claim_start_date)),
            coalesce(claim.claim_line_start_date, claim.claim_start_date) + 1
        ) as to_on,
        coalesce(claim.facility_npi, claim.billing_npi, '') as place,
        claim.bill_type_code is not null or claim.claim_type = 'institutional' as is_institutional,
        upper(replace(claim.diagnosis_code_1, '.', '')) as principal_diagnosis,
        coalesce(claim.diagnosis_code_type like '%9%', claim.claim_start_date < date '2015-10-01') as is_icd_9,
        claim.paid_amount,
        list_contains(code.revenue, lpad(claim.revenue_center_code, 4, '0')) as by_revenue,
        list_contains(code.hcpcs, claim.hcpcs_code) as by_hcpcs,
        list_contains(code.place, claim.place_of_service_code) as by_place,
        claim.place_of_service_code is null as no_place
    from medical_claim as claim
    cross join code
    where by_revenue or by_hcpcs or by_place
),

final_line as (
    select line.*, final.patient_no, final.data_source, final.claim_id, final.diagnosis_codes
    from line
    inner join final_medical_line as final
        on line.load_id = final.load_id
        and line.source_file = final.source_file
        and line.source_line = final.source_line
    where case
        when line.is_institutional
            then (line.by_revenue or line.by_hcpcs) and coalesce(final.bill_type[1:2] not in ('11', '12', '18', '21', '22', '41'), true)
        else line.by_place or (line.by_hcpcs and line.no_place)
    end
)

select
    patient_no,
    data_source,
    claim_id,
    bool_or(is_institutional) as is_institutional,
    from_on,
    max(to_on) as to_on,
    min(place) as place,
    any_value(is_icd_9 order by source_file, source_line) as is_icd_9,
    any_value(principal_diagnosis order by source_file, source_line) as principal_diagnosis,
    list_distinct(flatten(list(diagnosis_codes))) as diagnosis_codes,
    sum(paid_amount) as emergency_paid
from final_line
group by patient_no, data_source, claim_id, from_on
order by patient_no, from_on
