-- The group of a session by a unit: way (in_person or remote), plan, contract, pharm, delivery, setting, provider or recipient.
create or replace macro review_group(unit_, plan_, contract_id_, pharmacy_npi_, delivery_method_, setting_, provider_type_, recipient_) as
    case unit_
        when 'way' then case when delivery_method_ = '01' then 'in_person' when delivery_method_ in ('02', '03') then 'remote' end
        when 'plan' then plan_
        when 'contract' then contract_id_
        when 'pharm' then pharmacy_npi_
        when 'delivery' then delivery_method_
        when 'setting' then setting_
        when 'provider' then provider_type_
        when 'recipient' then recipient_
    end
