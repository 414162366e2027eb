-- The pharmacies: one row for each.
-- Kind: roster
-- Who: npi
create table pharmacy (
    npi varchar not null, -- National Provider Identifier; without it: no name can be given to a number
    name varchar, -- name
    store_number varchar, -- the chain's number for the store
    ncpdp_id varchar, -- NCPDP number
    address varchar, -- street and number
    city varchar, -- city
    state varchar, -- state
    zip_code varchar, -- ZIP, as text
    phone varchar, -- phone
    data_source varchar -- who sent it; the folder or --source when the file does not say
);
