-- True when a person passes the filters on persons: plan, contract, pharmacy, age on a day, sex, language, first three digits of the ZIP code.
create or replace macro chosen_person(
    only_, never_, plan_, contract_id_, pharmacy_npi_, birth_date_, on_, gender_, language_, zip_code_
) as
    chosen(only_, never_, 'plan', plan_)
    and chosen(only_, never_, 'contract', contract_id_)
    and chosen(only_, never_, 'pharm', pharmacy_npi_)
    and chosen(only_, never_, 'age', age_band(date_sub('year', birth_date_, on_)))
    and chosen(only_, never_, 'sex', gender_)
    and chosen(only_, never_, 'lang', language_)
    and chosen(only_, never_, 'zip3', zip_code_[1:3])
