-- Who prescribes and who counsels: one row for each person with an NPI.
-- Kind: roster
-- Who: npi
create table provider (
    npi varchar not null, -- National Provider Identifier; without it: no name can be given to a number
    name varchar, -- name
    kind varchar, -- one of: pharmacist, technician, nurse, prescriber, other
    credential varchar, -- credential
    specialty varchar, -- specialty
    phone varchar, -- phone
    fax varchar, -- fax
    licensed_from date, -- first licensed day
    licensed_to date, -- last licensed day
    certified_from date, -- first certified day
    certified_to date, -- last certified day
    excluded_from date, -- first day of exclusion from federal programmes
    data_source varchar, -- who sent it; the folder or --source when the file does not say
    constraint end_before_start check (licensed_to >= licensed_from), -- licensed_to is not before licensed_from
    constraint end_before_start check (certified_to >= certified_from) -- certified_to is not before certified_from
);
