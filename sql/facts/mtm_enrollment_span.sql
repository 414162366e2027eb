-- One row for each enrolment of a patient in a programme and contract. The enrolment day counts, the opt-out day does not.
-- Rows that differ only in what no rate leans on are one enrolment. A source that gives the targeting criteria for nobody is taken to enrol those who
-- meet them (criteria_given is false): enrolment is then all that is known.
with given as (
    select
        data_source,
        bool_or(met_criteria_date is not null or targeting_reason is not null) as criteria_given
    from mtm_enrollment
    group by data_source
)

select
    person.patient_no,
    roster.program,
    roster.contract_id,
    roster.enrollment_date as from_on,
    roster.opt_out_date as opted_out_on,
    roster.met_criteria_date as met_criteria_on,
    roster.targeting_reason,
    bool_or(given.criteria_given) as criteria_given,
    max(roster.opt_out_reason) as opt_out_reason,
    bool_or(roster.cognitively_impaired) as cognitively_impaired,
    bool_or(roster.ltc_resident) as ltc_resident,
    min(roster.cmr_offered_date) as cmr_offered_on,
    arg_min(roster.cmr_offer_channel, roster.cmr_offered_date) as cmr_offer_channel,
    arg_max(roster.source_file, (roster.load_id, roster.source_line)) as source_file,
    arg_max(roster.source_line, (roster.load_id, roster.source_line)) as source_line,
    max(roster.load_id) as load_id
from mtm_enrollment as roster
inner join person on roster.person_id = person.patient_id
inner join given on roster.data_source is not distinct from given.data_source
group by all
order by person.patient_no, from_on
