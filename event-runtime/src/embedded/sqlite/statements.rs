//! The prepared statements that every run needs. Others are looked up in the cache of the connection, which costs about as much as
//! a short statement itself.

use rusqlite::{Connection, Statement};

/// The statements that every run needs.
pub(super) struct Statements<'c> {
    pub(super) begin: Statement<'c>,
    pub(super) commit: Statement<'c>,
    pub(super) find_event: Statement<'c>,
    pub(super) put_event: Statement<'c>,
    pub(super) put_run: Statement<'c>,
    pub(super) put_plain_run: Statement<'c>,
    pub(super) put_result: Statement<'c>,
    pub(super) end_run: Statement<'c>,
}

impl<'c> Statements<'c> {
    pub(super) fn prepare(connection: &'c Connection) -> rusqlite::Result<Self> {
        Ok(Self {
            begin: connection.prepare("BEGIN IMMEDIATE")?,
            commit: connection.prepare("COMMIT")?,
            find_event: connection.prepare(
                "SELECT seq FROM events WHERE id = ?1 AND received >= ?2 ORDER BY seq DESC LIMIT 1",
            )?,
            put_event: connection.prepare(
                "INSERT INTO events (seq, id, name, data, ts, v, user, trace, received, cause, meta)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
            )?,
            put_run: connection.prepare(
                "INSERT INTO runs (seq, id, function, event, status, attempt, created, due, place, slot_1, slot_2,
                                   deadline, recoveries, parent, parent_step, replay_of, slot_3, slots_of, singleton)
                 VALUES (?1, ?2, ?3, ?4, 0, 0, ?5, ?6, ?7, ?8, ?9, ?10, 0, ?11, ?12, ?13, ?14, ?15, ?16)",
            )?,
            put_plain_run: connection.prepare(
                "INSERT INTO runs (seq, id, function, event, status, attempt, created, due, place, recoveries, slots_of)
                 VALUES (?1, ?2, ?3, ?4, 0, 0, ?5, ?6, ?7, 0, ?8)",
            )?,
            // The first result stays.
            put_result: connection.prepare(
                "INSERT INTO steps (run, key, kind, ord, attempts, value, error, at)
                 VALUES (?1, ?2, ?3, ?4, 0, ?5, ?6, ?7)
                 ON CONFLICT (run, key) DO UPDATE
                 SET kind = excluded.kind, ord = excluded.ord, due = NULL, value = excluded.value,
                     error = excluded.error, at = excluded.at
                 WHERE ord IS NULL",
            )?,
            end_run: connection.prepare(
                "UPDATE runs SET status = ?2, result = ?3, started = coalesce(started, ?4), ended = ?5
                 WHERE seq = ?1",
            )?,
        })
    }
}
