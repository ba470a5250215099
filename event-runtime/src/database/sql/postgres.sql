-- The tables of event-runtime in your PostgreSQL.

-- Events that were sent in a transaction, until a relay has forwarded them.
create table if not exists event_outbox (
    id bigint generated always as identity primary key,
    envelope text not null,
    -- The transaction that sent it: its events are forwarded together, in their order.
    sent_in bigint not null default txid_current(),
    created_at timestamptz not null default now(),
    -- Of the first event of a transaction whose events were refused: how often, why, and when they are tried again.
    attempts integer not null default 0,
    problem text,
    retry_at timestamptz not null default '-infinity'
);
create index if not exists event_outbox_sent_in on event_outbox (sent_in, id);

-- The results of transaction steps.
create table if not exists event_steps (
    run text not null,
    step text not null,
    result text,
    created_at timestamptz not null default now(),
    primary key (run, step)
);
create index if not exists event_steps_created_at on event_steps (created_at);
