-- True when a value passes the filters of the address: `only_` holds each filtered key and each key=value to keep, `never_` each key=value to leave out.
create or replace macro chosen(only_, never_, key_, value_) as
    (only_ is null or not list_contains(only_, key_) or coalesce(list_contains(only_, key_ || '=' || value_), false))
    and (never_ is null or not coalesce(list_contains(never_, key_ || '=' || value_), false))
