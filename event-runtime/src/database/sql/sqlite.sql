-- The tables of event-runtime in your SQLite database.

-- Events that were sent in a transaction, until a relay has forwarded them.
create table if not exists event_outbox (
    id integer primary key autoincrement,
    envelope text not null,
    -- Milliseconds since the Unix epoch.
    created_at integer not null default (cast(unixepoch('subsec') * 1000 as integer)),
    -- Of an event that was refused: how often, why, and when it is tried again.
    attempts integer not null default 0,
    problem text,
    retry_at integer not null default 0
);

-- The results of transaction steps.
create table if not exists event_steps (
    run text not null,
    step text not null,
    result text,
    created_at integer not null default (cast(unixepoch('subsec') * 1000 as integer)),
    primary key (run, step)
);
create index if not exists event_steps_created_at on event_steps (created_at);
