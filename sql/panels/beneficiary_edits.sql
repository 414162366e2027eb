-- One row for each edit of the CMS Part D MTM beneficiary file and row of it that fails, worst first; found is what stands there, letter the year's own. The words
-- are those of data/reference/part_d_edit.csv, and an edit that is not in it is not made.
-- Rows: patients
-- $year integer: reporting year
-- $contract varchar optional: one contract; all when left out
with row_of_file as (
    select
        fact.*,
        patient.patient_id,
        patient.pid,
        nullif(patient.mbi, '') as mbi,
        patient.first_name,
        patient.last_name,
        patient.birth_date,
        patient.death_date,
        count(*) over (partition by fact.contract_id, patient.mbi) as same_mbi,
        strftime(fact.met_criteria_on, '%Y-%m-%d') as criteria_day
    from beneficiary_fact as fact
    inner join patient on fact.patient_no = patient.patient_no
    where fact.year = $year and ($contract is null or fact.contract_id = $contract)
),

length as (
    select max(most_characters) filter (where field = 'first_name') as first_name, max(most_characters) filter (where field = 'last_name') as last_name
    from part_d_element
    where $year between from_year and to_year
),

tested as (
    select
        row_of_file.*,
        unnest([
            struct_pack(edit := 'contract_malformed', fails := not coalesce(regexp_full_match(contract_id, '[HSRE][0-9]{4}'), false), found := null),
            struct_pack(edit := 'mbi_missing', fails := row_of_file.mbi is null, found := null),
            struct_pack(edit := 'mbi_malformed', fails := coalesce(not regexp_full_match(
                row_of_file.mbi, '[1-9][AC-HJKMNP-RT-Y][0-9AC-HJKMNP-RT-Y][0-9][AC-HJKMNP-RT-Y][0-9AC-HJKMNP-RT-Y][0-9][AC-HJKMNP-RT-Y]{2}[0-9]{2}'
            ), false), found := null),
            struct_pack(edit := 'mbi_twice', fails := row_of_file.mbi is not null and same_mbi > 1, found := same_mbi || ' rows'),
            struct_pack(edit := 'not_in_contract', fails := contract_id is not null and not coalesce(in_contract, true), found := contract_id),
            struct_pack(edit := 'conflicting_records', fails := is_conflicting, found := null),
            struct_pack(edit := 'name_missing', fails := coalesce(trim(row_of_file.first_name), '') = '' or coalesce(trim(row_of_file.last_name), '') = '', found := null),
            struct_pack(edit := 'birth_date_missing', fails := birth_date is null, found := null),
            struct_pack(
                edit := 'too_long',
                fails := coalesce(len(row_of_file.first_name) > length.first_name or len(row_of_file.last_name) > length.last_name, false),
                found := greatest(len(row_of_file.first_name), len(row_of_file.last_name)) || ' characters'
            ),
            struct_pack(edit := 'ltc_unknown', fails := ltc_resident is null, found := null),
            struct_pack(edit := 'targeting_missing', fails := targeting_reason is null, found := null),
            struct_pack(edit := 'criteria_day_missing', fails := coalesce(targeting_reason in ('01', '02', '03'), false) and met_criteria_on is null, found := targeting_reason),
            struct_pack(edit := 'criteria_day_unasked', fails := coalesce(targeting_reason = '04', false) and met_criteria_on is not null, found := criteria_day),
            struct_pack(edit := 'criteria_day_late', fails := coalesce(met_criteria_on >= make_date(year + 1, 1, 1), false), found := criteria_day),
            struct_pack(edit := 'reason_missing', fails := opted_out_on is not null and opt_out_reason is null, found := null),
            struct_pack(edit := 'reason_unasked', fails := opted_out_on is null and opt_out_reason is not null, found := opt_out_reason),
            struct_pack(
                edit := 'died_enrolled',
                fails := coalesce(opted_out_on is null and death_date between make_date(year, 1, 1) and make_date(year, 12, 31), false),
                found := strftime(death_date, '%Y-%m-%d')
            ),
            struct_pack(edit := 'criteria_day_early', fails := coalesce(met_criteria_on < claims.begin_on, false), found := criteria_day),
            struct_pack(edit := 'offer_of_another_year', fails := other_offer_on is not null, found := strftime(other_offer_on, '%Y-%m-%d')),
            struct_pack(edit := 'review_outside', fails := outside > 0, found := outside || ' of ' || (completed + outside) || ' reviews'),
            struct_pack(edit := 'summary_not_standard', fails := completed > cmrs, found := (completed - cmrs) || ' of ' || completed || ' reviews'),
            struct_pack(edit := 'dates_left_out', fails := cmrs > 5, found := cmrs || ' reviews'),
            struct_pack(edit := 'delivery_missing', fails := cmrs > 0 and delivery_method is null, found := null),
            struct_pack(edit := 'provider_missing', fails := cmrs > 0 and provider_code is null, found := null),
            struct_pack(edit := 'recipient_missing', fails := cmrs > 0 and recipient is null, found := null),
            struct_pack(edit := 'resolutions_above', fails := resolutions > prescriber_recommendations, found := resolutions || ' of ' || prescriber_recommendations)
        ]) as test
    from row_of_file
    cross join length
    cross join (select min(dispensed_on) as begin_on from fill) as claims
)

select
    listed.edit,
    element.letter,
    listed.severity,
    listed.sentence,
    tested.contract_id,
    tested.mbi,
    tested.patient_id,
    tested.pid,
    tested.last_name,
    tested.first_name,
    tested.enrolled_on,
    tested.test.found as found,
    tested.source_file,
    tested.source_line
from tested
inner join part_d_edit as listed on tested.test.edit = listed.edit
left join part_d_element as element
    on listed.field = element.field
    and $year between element.from_year and element.to_year
where tested.test.fails
order by listed.severity, listed.place, tested.contract_id, tested.patient_id
