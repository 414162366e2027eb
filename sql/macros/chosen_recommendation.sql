-- True when a recommendation passes the filters on recommendations: prescriber, problem, its detail, action, channel, recipient, answer, verified in
-- claims, kind of session, barrier, severity, month of identification, resolved, days since it was sent (waited), whether it was sent and
-- whether an avoided cost was estimated; judged says whether acceptance counts it (made), or why not.
create or replace macro chosen_recommendation(
    only_, never_, prescriber_npi_, problem_, action_, channel_, recipient_, response_, age_days_, verified_, service_type_, barrier_,
    severity_level_, sent_date_, resolved_, identified_date_, estimated_, problem_detail_
) as
    chosen(only_, never_, 'presc', prescriber_npi_)
    and chosen(only_, never_, 'problem', problem_)
    and chosen(only_, never_, 'detail', problem_detail_of(problem_, problem_detail_))
    and chosen(only_, never_, 'action', action_)
    and chosen(only_, never_, 'channel', channel_)
    and chosen(only_, never_, 'to', recipient_)
    and chosen(only_, never_, 'response', response_)
    and chosen(only_, never_, 'judged', case
        when response_ in ('unable_to_reach', 'withdrawn') then response_
        when age_days_ < 30 then 'under_30_days'
        else 'made'
    end)
    and chosen(only_, never_, 'verified', verified_)
    and chosen(only_, never_, 'service', service_type_)
    and chosen(only_, never_, 'barrier', barrier_)
    and chosen(only_, never_, 'severity', severity_level_::varchar)
    and chosen(only_, never_, 'month', strftime(identified_date_, '%Y-%m'))
    and chosen(only_, never_, 'resolved', resolved_)
    and chosen(only_, never_, 'waited', case
        when age_days_ < 30 then 'under_30_days'
        when age_days_ < 60 then '30_to_59_days'
        when age_days_ < 90 then '60_to_89_days'
        else '90_days_or_more'
    end)
    and chosen(only_, never_, 'sent', case
        when sent_date_ is not null or response_ in ('accepted', 'modified', 'declined') then 'yes'
        else 'no'
    end)
    and chosen(only_, never_, 'estimate', case when estimated_ is not null then 'yes' else 'no' end)
