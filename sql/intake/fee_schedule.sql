-- What a service is worth: one row for each fee.
-- Kind: roster
-- Who: program, payer, procedure_code, modifier
create table fee_schedule (
    program varchar not null, -- one of: part_d, medicaid, commercial, other; without it: no fee can be checked
    payer varchar, -- who pays
    procedure_code varchar not null, -- what is billed; without it: no fee can be checked; kept: without dots
    modifier varchar, -- modifier
    unit_fee decimal(18, 4) not null, -- dollars for one unit; without it: no fee can be checked
    effective_from date not null, -- first day; without it: no fee can be checked
    effective_to date, -- last day (inclusive)
    data_source varchar, -- who sent it; the folder or --source when the file does not say
    constraint end_before_start check (effective_to >= effective_from) -- effective_to is not before effective_from
);
