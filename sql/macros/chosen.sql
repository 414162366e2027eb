-- True when a value passes the filters of the address: `only_` holds each filtered key and each key=value to keep, `never_` each key=value to leave out;
-- key=not_stated is of those without a value.
create or replace macro chosen(only_, never_, key_, value_) as
    (only_ is null or not list_contains(only_, key_) or list_contains(only_, key_ || '=' || coalesce(value_, 'not_stated')))
    and (never_ is null or not list_contains(never_, key_ || '=' || coalesce(value_, 'not_stated')))
