-- One row for each source that sends prescription claims and no roster: its patients get the measures of the pharmacy view.
with source as (
    select distinct data_source from pharmacy_claim
)

select source.data_source
from source
anti join eligibility on source.data_source = eligibility.data_source
