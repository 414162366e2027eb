-- One row for each value of a parameter of the audit's rules, with where it comes from and what it may be.
-- Rows: reference
select
    told.parameter,
    parameter.allowed,
    parameter.unit,
    parameter.meaning,
    told.program,
    told.payer,
    told.value,
    told.effective_from,
    told.effective_to,
    told.source,
    told.mark
from audit_value as told
inner join audit_parameter as parameter on told.parameter = parameter.parameter
order by told.parameter, told.program nulls first, told.payer nulls first, told.effective_from
