//! The format of the database.

use rusqlite::{Connection, Result, Transaction};

/// Marks a SQLite file as ours: `PRAGMA application_id`. The letters `evrt`.
pub(super) const APPLICATION_ID: i64 = 0x6576_7274;

/// The changes that lead from one format to the next: the first makes format 1 of an empty file.
const MIGRATIONS: [&str; 5] = [FORMAT_1, FORMAT_2, FORMAT_3, FORMAT_4, FORMAT_5];

/// The latest format: `PRAGMA user_version`.
#[allow(clippy::cast_possible_wrap, reason = "there are few migrations")]
pub(super) const LATEST: i64 = MIGRATIONS.len() as i64;

const FORMAT_1: &str = "
    -- All times are milliseconds since the Unix epoch.

    CREATE TABLE functions (
        num INTEGER PRIMARY KEY,
        id  TEXT NOT NULL UNIQUE
    ) STRICT;

    CREATE TABLE events (
        seq      INTEGER PRIMARY KEY,        -- the one order of all events
        id       TEXT NOT NULL,              -- unique within the window of deduplication
        name     TEXT NOT NULL,
        data     TEXT NOT NULL,              -- JSON
        ts       INTEGER NOT NULL,
        v        INTEGER,
        user     TEXT,                       -- JSON
        trace    TEXT,                       -- W3C traceparent
        received INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX events_by_id ON events (id);

    CREATE TABLE runs (
        seq         INTEGER PRIMARY KEY,     -- the one order of all runs
        id          TEXT NOT NULL,
        function    INTEGER NOT NULL REFERENCES functions (num),
        event       INTEGER NOT NULL,        -- of a batch the first
        status      INTEGER NOT NULL,        -- -1 parked, 0 open, 1 completed, 2 failed, 3 cancelled
        attempt     INTEGER NOT NULL,        -- failed attempts of the function itself
        created     INTEGER NOT NULL,
        due         INTEGER NOT NULL,        -- not before
        place       INTEGER NOT NULL,        -- in the order of starts
        slot_1      INTEGER,                 -- the limits of concurrency that it counts for
        slot_2      INTEGER,
        started     INTEGER,
        ended       INTEGER,
        deadline    INTEGER,                 -- to start, and once it has started, to end
        recoveries  INTEGER NOT NULL,        -- taken up after a crash, without progress since
        parent      INTEGER,                 -- the run that called it, and the step
        parent_step TEXT,
        replay_of   TEXT,
        result      TEXT                     -- JSON: the output, or the failure
    ) STRICT;
    CREATE INDEX runs_by_id ON runs (id);
    CREATE INDEX runs_by_event ON runs (event);
    CREATE INDEX runs_open ON runs (seq, function, status, due, place, slot_1, slot_2, deadline) WHERE status < 1;

    -- The events of a batch, in their order.
    CREATE TABLE batches (
        run   INTEGER NOT NULL,
        place INTEGER NOT NULL,
        event INTEGER NOT NULL,
        PRIMARY KEY (run, place)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX batches_by_event ON batches (event);

    CREATE TABLE steps (
        run        INTEGER NOT NULL,
        key        TEXT NOT NULL,            -- the id, numbered when it repeats
        kind       INTEGER NOT NULL,         -- 0 run, 1 sleep, 2 send, 3 wait, 4 invoke, 5 signal, 6 undo
        ord        INTEGER,                  -- the order of the results in the run; NULL: no result yet
        attempts   INTEGER NOT NULL,         -- failed attempts so far
        due        INTEGER,                  -- without a result: when something happens with it
        wait_event TEXT,
        wait_if    TEXT,
        value      TEXT,                     -- JSON
        error      TEXT,                     -- JSON
        at         INTEGER NOT NULL,         -- when it was written last
        PRIMARY KEY (run, key)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX steps_open ON steps (due, run, ord) WHERE ord IS NULL;

    -- Attempts that failed; of a function the step is empty.
    CREATE TABLE failures (
        run     INTEGER NOT NULL,
        step    TEXT NOT NULL,
        attempt INTEGER NOT NULL,
        message TEXT NOT NULL,
        at      INTEGER NOT NULL,
        PRIMARY KEY (run, step, attempt)
    ) STRICT, WITHOUT ROWID;

    -- Who waits for which event: a step by the hash of its key, an option `cancel_on` by its index.
    CREATE TABLE waits (
        run   INTEGER NOT NULL,
        slot  INTEGER NOT NULL,
        event TEXT NOT NULL,
        field TEXT,                          -- a field that must have a value, and the hash of the value
        value INTEGER,
        PRIMARY KEY (run, slot)
    ) STRICT, WITHOUT ROWID;

    -- Idempotency keys of functions.
    CREATE TABLE seen (
        function INTEGER NOT NULL,
        key      TEXT NOT NULL,
        at       INTEGER NOT NULL,
        PRIMARY KEY (function, key)
    ) STRICT, WITHOUT ROWID;

    -- What flow control remembers.
    CREATE TABLE flows (
        function INTEGER NOT NULL,
        kind     INTEGER NOT NULL,           -- 0 throttle, 1 rate limit, 2 debounce, 3 batch, 4 singleton
        key      TEXT NOT NULL,
        state    TEXT NOT NULL,              -- JSON
        PRIMARY KEY (function, kind, key)
    ) STRICT, WITHOUT ROWID;
";

/// What format 1 named by its position in a list has a name here: limits by what they limit, cancellations by their terms,
/// times by their expression, locks by the run that holds them.
const FORMAT_2: &str = "
    -- Who has the runs of a function since it was renamed.
    ALTER TABLE functions ADD COLUMN heir INTEGER;

    -- Which limits the slots belong to, a hash of the options; NULL: format 1, whose slots say nothing any more.
    ALTER TABLE runs ADD COLUMN slots_of INTEGER;
    -- The throttle that it counts for once it starts.
    ALTER TABLE runs ADD COLUMN slot_3 INTEGER;
    -- The key of the singleton that it is, as long as it is open.
    ALTER TABLE runs ADD COLUMN singleton TEXT;
    -- Why the build at hand cannot take it up.
    ALTER TABLE runs ADD COLUMN held TEXT;
    DROP INDEX runs_open;
    CREATE INDEX runs_open ON runs (function, status, seq, due, place, slots_of, slot_1, slot_2, slot_3, deadline, singleton)
        WHERE status < 1;
    CREATE INDEX runs_held ON runs (seq) WHERE held IS NOT NULL;
    CREATE INDEX runs_ended ON runs (function, status, seq) WHERE status > 0;

    -- 0: a step waits; 1: the run is cancelled, on these terms; 2: likewise, by an option of which format 1 knew the index.
    ALTER TABLE waits ADD COLUMN cancels INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE waits ADD COLUMN condition TEXT;
    ALTER TABLE waits ADD COLUMN until INTEGER;
    UPDATE waits SET cancels = 2 WHERE slot BETWEEN 0 AND 15;
    CREATE INDEX waits_by_index ON waits (run) WHERE cancels = 2;

    CREATE INDEX seen_by_time ON seen (at);

    -- When a function has started by itself for the last time, by the expression; of a new one when it was first seen.
    CREATE TABLE crons (
        function INTEGER NOT NULL,
        cron     TEXT NOT NULL,
        fired    INTEGER NOT NULL,
        gone     INTEGER,                    -- since when it is not listed
        PRIMARY KEY (function, cron)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO crons (function, cron, fired)
        SELECT function, data ->> 'cron', max(ts) FROM events JOIN runs ON event = events.seq
        WHERE name = 'inngest/scheduled.timer' AND data ->> 'cron' IS NOT NULL GROUP BY 1, 2;

    -- Events that have not reached everybody yet who waits for them, in parts.
    CREATE TABLE wakes (
        event INTEGER NOT NULL,
        part  INTEGER NOT NULL,
        waits BLOB NOT NULL,                 -- pairs of a run and a slot, 8 bytes each, the least significant first
        PRIMARY KEY (event, part)
    ) STRICT, WITHOUT ROWID;

    -- What holds for the whole file.
    CREATE TABLE meta (
        name  TEXT PRIMARY KEY,
        value ANY NOT NULL
    ) STRICT, WITHOUT ROWID;

    UPDATE runs SET singleton = flows.key FROM flows
        WHERE flows.kind = 4 AND runs.seq = flows.state ->> '$.Singleton' AND runs.status < 1;
    DELETE FROM flows WHERE kind = 4;
    UPDATE flows SET state = json_set(state, '$.Debounce.ts', events.ts) FROM events
        WHERE kind = 2 AND events.seq = state ->> '$.Debounce.event';
";

/// Events know what has caused them.
const FORMAT_3: &str = "
    ALTER TABLE events ADD COLUMN cause TEXT; -- JSON; NULL: it begins a chain
";

/// Events carry the metadata of their registry.
const FORMAT_4: &str = "
    ALTER TABLE events ADD COLUMN meta TEXT; -- JSON; NULL: the registry named none
";

/// What people look at is kept and found: when a step was noted, why an event started nothing, and what operators did. Functions can
/// be paused, and steps wait for signals.
const FORMAT_5: &str = "
    ALTER TABLE steps ADD COLUMN noted INTEGER; -- when it was first written, unless that was with its result

    CREATE INDEX runs_by_parent ON runs (parent) WHERE parent IS NOT NULL;
    CREATE INDEX runs_by_original ON runs (replay_of) WHERE replay_of IS NOT NULL;
    -- Statistics are read from the index alone.
    DROP INDEX runs_ended;
    CREATE INDEX runs_ended ON runs (function, status, seq, created, started, ended) WHERE status > 0;
    CREATE INDEX events_by_name ON events (name);

    -- Events that an option of a function kept from starting it.
    CREATE TABLE skips (
        event    INTEGER NOT NULL,
        function INTEGER NOT NULL,
        by       TEXT NOT NULL,              -- the name of the option
        PRIMARY KEY (event, function)
    ) STRICT, WITHOUT ROWID;

    -- What operators did.
    CREATE TABLE audit (
        seq    INTEGER PRIMARY KEY,
        at     INTEGER NOT NULL,
        who    TEXT NOT NULL,
        action TEXT NOT NULL,
        target TEXT NOT NULL,                -- an id, or a filter
        count  INTEGER NOT NULL              -- how many runs or events it concerned
    ) STRICT;

    ALTER TABLE functions ADD COLUMN paused INTEGER; -- since when a function is paused; NULL: it is not
    -- JSON: how the run ends once its steps are undone.
    ALTER TABLE runs ADD COLUMN undoing TEXT;

    -- Signals that were completed, or that nothing waits for any more: a step by the hash of its key. What tokens are made with is in `meta`.
    CREATE TABLE signals (
        run   INTEGER NOT NULL,
        slot  INTEGER NOT NULL,
        state INTEGER NOT NULL,              -- 0 completed before its step waits, 1 used, 2 expired
        value TEXT,                          -- JSON, until the step has it
        PRIMARY KEY (run, slot)
    ) STRICT, WITHOUT ROWID;
";

/// Makes the tables of a format in an empty database.
pub(super) fn create(connection: &Connection, format: i64) -> Result<()> {
    MIGRATIONS.iter().zip(1..=format).try_for_each(|(migration, _)| connection.execute_batch(migration))
}

/// Brings an empty or older database to the latest format.
pub(super) fn migrate(transaction: &Transaction<'_>, from: i64) -> Result<()> {
    for (migration, format) in MIGRATIONS.iter().zip(1..) {
        if format > from {
            transaction.execute_batch(migration)?;
            fail_point!("migrate-tables");
        }
    }
    transaction.pragma_update(None, "user_version", LATEST)?;
    transaction.pragma_update(None, "application_id", APPLICATION_ID)
}

/// A number in the header of the file.
pub(super) fn pragma(connection: &Connection, name: &str) -> Result<i64> {
    connection.pragma_query_value(None, name, |row| row.get(0))
}
