-- One row for each patient, measure and year that the filters of the address keep: adherence_fact with the patient's attributes.
-- Null for measure_ means every measure. Ranges include both ends; pdc in percent; exactly 80.0 belongs to 80 and above.
create or replace macro population(measure_, year_, f) as table
    select
        a.*,
        p.patient_id,
        p.pid,
        p.gender,
        p.birth_date,
        p.zip_code,
        p.language,
        p.phone,
        p.contract_id,
        p.on_roster,
        p.do_not_contact,
        p.age
    from adherence_fact as a
    inner join patient as p on p.patient_no = a.patient_no
    where (measure_ is null or a.measure = measure_)
        and a.year = year_
        and ((f).plan_in is null or list_contains((f).plan_in, a.plan))
        and ((f).plan_out is null or not coalesce(list_contains((f).plan_out, a.plan), false))
        and ((f).contract_in is null or list_contains((f).contract_in, p.contract_id))
        and ((f).contract_out is null or not coalesce(list_contains((f).contract_out, p.contract_id), false))
        and ((f).pharm_in is null or list_contains((f).pharm_in, a.pharmacy_npi))
        and ((f).pharm_out is null or not coalesce(list_contains((f).pharm_out, a.pharmacy_npi), false))
        and ((f).presc_in is null or list_contains((f).presc_in, a.prescriber_npi))
        and ((f).presc_out is null or not coalesce(list_contains((f).presc_out, a.prescriber_npi), false))
        and ((f).age_in is null or list_contains((f).age_in, age_band(p.age)))
        and ((f).age_out is null or not coalesce(list_contains((f).age_out, age_band(p.age)), false))
        and ((f).sex_in is null or list_contains((f).sex_in, p.gender))
        and ((f).sex_out is null or not coalesce(list_contains((f).sex_out, p.gender), false))
        and ((f).zip3_in is null or list_contains((f).zip3_in, p.zip_code[1:3]))
        and ((f).zip3_out is null or not coalesce(list_contains((f).zip3_out, p.zip_code[1:3]), false))
        and ((f).lang_in is null or list_contains((f).lang_in, p.language))
        and ((f).lang_out is null or not coalesce(list_contains((f).lang_out, p.language), false))
        and ((f).status_in is null or list_contains((f).status_in, a.status))
        and ((f).status_out is null or not list_contains((f).status_out, a.status))
        and ((f).pdc_from is null or a.pdc * 100 >= (f).pdc_from)
        and ((f).pdc_to is null or a.pdc * 100 <= (f).pdc_to)
        and ((f).adr_from is null or a.allowable_days_remaining >= (f).adr_from)
        and ((f).adr_to is null or a.allowable_days_remaining <= (f).adr_to)
        and ((f).late_from is null or a.days_late >= (f).late_from)
        and ((f).late_to is null or a.days_late <= (f).late_to)
        and ((f).lid_from is null or a.last_impactable_on >= (f).lid_from)
        and ((f).lid_to is null or a.last_impactable_on <= (f).lid_to)
        and ((f).counted is null or a.in_denominator = (f).counted)
