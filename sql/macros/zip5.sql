-- The five digits of a ZIP code of five digits or nine (ZIP+4, with a dash or none), a zero that a spreadsheet took from its start put back; null for what is none.
create or replace macro zip5(zip_) as
    case
        when length(split_part(trim(zip_), '-', 1)) in (5, 9) then split_part(trim(zip_), '-', 1)[1:5]
        when length(split_part(trim(zip_), '-', 1)) in (4, 8) then '0' || split_part(trim(zip_), '-', 1)[1:4]
    end
