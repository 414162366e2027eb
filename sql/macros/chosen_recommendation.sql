-- True when a recommendation passes the filters on recommendations: prescriber, problem, action, channel, recipient, answer, verified in
-- claims, kind of session, barrier; judged says whether acceptance counts it (made), or why not.
create or replace macro chosen_recommendation(
    only_, never_, prescriber_npi_, problem_, action_, channel_, recipient_, response_, age_days_, verified_, service_type_, barrier_
) as
    chosen(only_, never_, 'presc', prescriber_npi_)
    and chosen(only_, never_, 'problem', problem_)
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
