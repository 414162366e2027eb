-- What a laboratory found: one row for each result.
-- Kind: events
-- Day: collection_datetime
-- Who: person_id
create table lab_result (
    person_id varchar not null, -- the person; also: patient_id; without it: no result can be given to a person
    source_component_code varchar, -- what was measured, the sender's code
    source_order_code varchar, -- what was ordered, the sender's code
    normalized_component_code varchar, -- what was measured, LOINC
    result varchar, -- the result, as text
    source_units varchar, -- its unit; also: normalized_units
    collection_datetime timestamp, -- when the sample was taken; also: collection_date, result_datetime, result_date
    data_source varchar -- who sent it; the folder or --source when the file does not say
);
