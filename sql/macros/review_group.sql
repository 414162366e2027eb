-- The group of a review by a unit: plan, contract, pharm, delivery, setting, provider or recipient.
create or replace macro review_group(unit_, plan_, contract_id_, pharmacy_npi_, delivery_method_, setting_, provider_type_, recipient_) as
    case unit_
        when 'plan' then plan_
        when 'contract' then contract_id_
        when 'pharm' then pharmacy_npi_
        when 'delivery' then delivery_method_
        when 'setting' then setting_
        when 'provider' then provider_type_
        when 'recipient' then recipient_
    end
