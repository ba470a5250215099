//! The format of the database.

use rusqlite::{Connection, Result, Transaction};

/// Marks a SQLite file as ours: `PRAGMA application_id`. The letters `evrt`.
pub(super) const APPLICATION_ID: i64 = 0x6576_7274;

/// The changes that lead from one format to the next: the first makes format 1 of an empty file.
const MIGRATIONS: [&str; 1] = [FORMAT_1];

/// The latest format: `PRAGMA user_version`.
#[allow(clippy::cast_possible_wrap, reason = "there are few migrations")]
pub(super) const LATEST: i64 = MIGRATIONS.len() as i64;

const FORMAT_1: &str = "
    CREATE TABLE events (
        seq      INTEGER PRIMARY KEY,        -- the one order of all events
        id       TEXT NOT NULL,
        name     TEXT NOT NULL,
        data     TEXT NOT NULL,              -- JSON
        ts       INTEGER NOT NULL,           -- milliseconds since the Unix epoch, as are all times here
        v        INTEGER,
        user     TEXT,                       -- JSON
        received INTEGER NOT NULL
    ) STRICT;

    -- Ids of events, for deduplication: an id outside the window is replaced.
    CREATE TABLE seen (
        id       TEXT PRIMARY KEY,
        received INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE runs (
        seq        INTEGER PRIMARY KEY,      -- in the order of the events
        id         TEXT NOT NULL,
        function   TEXT NOT NULL,
        event      INTEGER NOT NULL REFERENCES events (seq),
        status     INTEGER NOT NULL,         -- 0 open, 1 completed, 2 failed
        attempt    INTEGER NOT NULL,         -- failed attempts of the function itself
        due        INTEGER NOT NULL,         -- not before
        recoveries INTEGER NOT NULL,         -- taken up after a crash, without progress since
        result     TEXT                      -- JSON: the output, or the failure
    ) STRICT;
    CREATE INDEX open_runs ON runs (seq) WHERE status = 0;

    CREATE TABLE steps (
        run      INTEGER NOT NULL REFERENCES runs (seq),
        key      TEXT NOT NULL,              -- the id, numbered when it repeats
        kind     INTEGER NOT NULL,           -- 0 run, 1 sleep, 2 send
        ord      INTEGER,                    -- the order of the results in the run; NULL: no result yet
        attempts INTEGER NOT NULL,           -- failed attempts so far
        due      INTEGER,                    -- of a sleep its end, of a failed attempt the next one
        value    TEXT,                       -- JSON
        error    TEXT,                       -- JSON
        PRIMARY KEY (run, key)
    ) STRICT, WITHOUT ROWID;
";

/// Brings an empty or older database to the latest format.
pub(super) fn migrate(transaction: &Transaction<'_>, from: i64) -> Result<()> {
    for (migration, format) in MIGRATIONS.iter().zip(1..) {
        if format > from {
            transaction.execute_batch(migration)?;
        }
    }
    transaction.pragma_update(None, "user_version", LATEST)?;
    transaction.pragma_update(None, "application_id", APPLICATION_ID)
}

/// A number in the header of the file.
pub(super) fn pragma(connection: &Connection, name: &str) -> Result<i64> {
    connection.pragma_query_value(None, name, |row| row.get(0))
}
