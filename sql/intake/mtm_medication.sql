-- Each medicine reviewed in a session: one row for each line of its list.
-- Kind: events
-- Key: service_id, line
create table mtm_medication (
    service_id varchar not null, -- the session; without it: no medicine can be given to a session
    line integer not null, -- the line of the list; without it: a line cannot be told from its correction
    ndc_code varchar, -- National Drug Code
    ingredient varchar, -- ingredient
    name varchar, -- as named in the list
    source varchar, -- one of: rx, otc, supplement
    indication varchar, -- what it is for
    indicated varchar, -- one of: yes, no, not_assessed
    effective varchar, -- one of: yes, no, not_assessed
    safe varchar, -- one of: yes, no, not_assessed
    adherent varchar, -- one of: yes, no, not_assessed
    decision varchar, -- one of: continue, change, stop, start
    data_source varchar -- who sent it; the folder or --source when the file does not say
);
