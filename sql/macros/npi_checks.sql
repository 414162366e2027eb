-- True when a National Provider Identifier has ten digits and its check digit fits: Luhn's formula over 80840 and the number (CMS), 24 standing for the prefix.
create or replace macro npi_checks(npi_) as case
    when npi_ is null then null
    when not regexp_full_match(npi_, '[0-9]{10}') then false
    else (
        24
        + list_sum(list_transform([2, 4, 6, 8, 10], lambda place: npi_[place]::integer))
        + list_sum(list_transform([1, 3, 5, 7, 9], lambda place: npi_[place]::integer * 2 - case when npi_[place]::integer > 4 then 9 else 0 end))
    ) % 10 = 0
end
