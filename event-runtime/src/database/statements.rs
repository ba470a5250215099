//! The statements, in both dialects. Every value is given as a text, and every column read as one.

use super::Dialect;

/// The statements of a dialect.
#[derive(Debug)]
pub(super) struct Statements {
    /// Creates the tables.
    pub(super) schema: &'static str,
    /// Keeps others from creating them at the same time.
    pub(super) lock_schema: Option<&'static str>,
    /// How many of the tables exist.
    pub(super) count_tables: &'static str,
    /// Adds a JSON array of envelopes to the outbox.
    pub(super) insert: &'static str,
    /// Takes the events of so many transactions, oldest first: group, id, age in seconds, attempts and envelope.
    pub(super) take: &'static str,
    /// Deletes a JSON array of ids.
    pub(super) delete: &'static str,
    /// Puts off the event with this id, by so many seconds and for this reason.
    pub(super) put_off: &'static str,
    /// Claims a step of a run: no row if it is claimed already.
    pub(super) claim: &'static str,
    /// The recorded result of a step.
    pub(super) recall: &'static str,
    /// Records the result of a claimed step: no row if the transaction of the claim is over.
    pub(super) record: &'static str,
    /// Deletes a thousand results that are older than so many seconds.
    pub(super) clean: &'static str,
}

impl Statements {
    pub(super) const fn of(dialect: Dialect) -> &'static Self {
        match dialect {
            Dialect::Postgres => &POSTGRES,
            Dialect::Sqlite => &SQLITE,
        }
    }
}

static POSTGRES: Statements = Statements {
    schema: include_str!("sql/postgres.sql"),
    lock_schema: Some("select pg_advisory_xact_lock(7305808869229538932)::text"),
    count_tables: "select ((to_regclass('event_outbox') is not null)::int + (to_regclass('event_steps') is not null)::int)::text",
    // An element is unwrapped as text: JSON in a column of its own type would have to be without `\u0000`.
    insert: "with sent as (
                 insert into event_outbox (envelope)
                 select envelope from json_array_elements_text($1::text::json) with ordinality as sent (envelope, place) order by place
             )
             select pg_notify('event_outbox', '')::text",
    // The first event of a transaction stands for all of it: who has locked that one has all.
    take: "with taken as materialized (
               select sent_in from event_outbox head
               where id = (select min(id) from event_outbox other where other.sent_in = head.sent_in) and retry_at <= now()
               order by id limit $1::text::bigint
               for update skip locked
           )
           select sent_in::text, id::text, floor(extract(epoch from clock_timestamp() - created_at))::bigint::text, attempts::text, envelope
           from event_outbox where sent_in in (select sent_in from taken)
           order by min(event_outbox.id) over (partition by sent_in), event_outbox.id",
    delete: "delete from event_outbox where id in (select id::bigint from json_array_elements_text($1::text::json) as done (id))",
    put_off: "update event_outbox set attempts = attempts + 1, retry_at = now() + $2::text::bigint * interval '1 second', problem = $3::text
              where id = $1::text::bigint",
    claim: "insert into event_steps (run, step) values ($1::text, $2::text) on conflict do nothing returning run",
    recall: "select result from event_steps where run = $1::text and step = $2::text",
    record: "update event_steps set result = $3::text where run = $1::text and step = $2::text
             and xmin::text = (txid_current() % 4294967296)::text returning run",
    clean: "delete from event_steps where ctid = any (array(
                select ctid from event_steps where created_at < now() - $1::text::bigint * interval '1 second' limit 1000
            )) returning run",
};

static SQLITE: Statements = Statements {
    schema: include_str!("sql/sqlite.sql"),
    lock_schema: None,
    count_tables: "select cast(count(*) as text) from sqlite_master where type = 'table' and name in ('event_outbox', 'event_steps')",
    insert: "insert into event_outbox (envelope) select value from json_each(?1) order by key",
    // Transactions come one after the other: the order of ids is theirs, and each event is forwarded by itself.
    take: "select cast(id as text), cast(id as text), cast((cast(unixepoch('subsec') * 1000 as integer) - created_at) / 1000 as text),
                  cast(attempts as text), envelope
           from event_outbox where retry_at <= cast(unixepoch('subsec') * 1000 as integer) order by event_outbox.id limit cast(?1 as integer)",
    delete: "delete from event_outbox where id in (select cast(value as integer) from json_each(?1))",
    put_off: "update event_outbox set attempts = attempts + 1, problem = ?3,
                  retry_at = cast(unixepoch('subsec') * 1000 as integer) + cast(?2 as integer) * 1000
              where id = cast(?1 as integer)",
    claim: "insert into event_steps (run, step) values (?1, ?2) on conflict do nothing returning run",
    recall: "select result from event_steps where run = ?1 and step = ?2",
    record: "update event_steps set result = ?3 where run = ?1 and step = ?2 returning run",
    clean: "delete from event_steps where rowid in (
                select rowid from event_steps
                where created_at < cast(unixepoch('subsec') * 1000 as integer) - cast(?1 as integer) * 1000 limit 1000
            ) returning run",
};
