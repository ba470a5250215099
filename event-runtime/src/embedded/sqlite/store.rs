//! What the engine writes, as SQL. Every statement is prepared once.

use std::collections::HashMap;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OptionalExtension, Params, params};

use super::prune::{Cursors, prune};
use super::read;
use crate::engine::run::Pending;
use crate::engine::store::{
    EventKey, FlowRow, FunctionIndex, Opening, Result, RunEnd, RunKey, RunRow, Status, Store, StoredRun,
    WaitKey, WaitRow,
};
use crate::envelope::RawEnvelope;
use crate::function::Application;
use crate::function::{Outcome, StepKind};

/// A database, and the transaction that may be open in it.
pub(in crate::embedded) struct SqliteStore {
    connection: Connection,
    /// The numbers of the application's functions in the database, by their index.
    numbers: Vec<i64>,
    /// The way back.
    indexes: HashMap<i64, FunctionIndex>,
    cursors: Cursors,
    is_open: bool,
}

impl SqliteStore {
    /// Notes the functions of the application.
    pub(in crate::embedded) fn new(connection: Connection, application: &Application) -> Result<Self> {
        let mut numbers = Vec::new();
        let mut indexes = HashMap::new();
        for (index, function) in application.functions.iter().enumerate() {
            let id = function.descriptor.id;
            connection.execute("INSERT OR IGNORE INTO functions (id) VALUES (?1)", [id])?;
            let number =
                connection.query_row("SELECT num FROM functions WHERE id = ?1", [id], |row| row.get(0))?;
            numbers.push(number);
            indexes.insert(number, u32::try_from(index).unwrap_or(u32::MAX));
            fail_point!("open-function");
        }
        Ok(Self { connection, numbers, indexes, cursors: Cursors::default(), is_open: false })
    }

    pub(in crate::embedded) fn connection(&self) -> &Connection {
        &self.connection
    }

    /// Makes everything that was written durable. Whether there was anything.
    pub(in crate::embedded) fn commit(&mut self) -> Result<bool> {
        if !self.is_open {
            return Ok(false);
        }
        self.connection.prepare_cached("COMMIT")?.execute([])?;
        self.is_open = false;
        Ok(true)
    }

    /// After a failure: closing does not fold the log into the database, for that would flush the log again, and a flush
    /// that has failed once may then succeed without having written anything.
    pub(in crate::embedded) fn keep_log(&self) {
        if let Err(error) = self.connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true) {
            tracing::warn!(%error, "the log of the database may be folded into it");
        }
    }

    fn begin(&mut self) -> Result<()> {
        if !self.is_open {
            self.connection.prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
            self.is_open = true;
        }
        Ok(())
    }

    fn write(&mut self, sql: &str, params: impl Params) -> Result<()> {
        self.begin()?;
        self.connection.prepare_cached(sql)?.execute(params)?;
        Ok(())
    }

    fn number(&self, function: FunctionIndex) -> i64 {
        self.numbers.get(function as usize).copied().unwrap_or(-1)
    }
}

/// 0 is none.
fn slot(slot: u64) -> Option<i64> {
    (slot != 0).then_some(slot.cast_signed())
}

/// Texts and numbers always have a form in JSON.
fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

impl Store for SqliteStore {
    fn opening(&mut self) -> Result<Opening> {
        read::opening(&self.connection, &self.indexes)
    }

    fn find_event(&mut self, id: &str, since: i64) -> Result<Option<EventKey>> {
        let sql = "SELECT seq FROM events WHERE id = ?1 AND received >= ?2 ORDER BY seq DESC LIMIT 1";
        Ok(self.connection.prepare_cached(sql)?.query_row(params![id, since], |row| row.get(0)).optional()?)
    }

    fn put_event(&mut self, key: EventKey, event: &RawEnvelope, now: i64) -> Result<()> {
        let user = event.user.as_ref().map(|user| user.get());
        self.write(
            "INSERT INTO events (seq, id, name, data, ts, v, user, trace, received)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            params![
                key,
                event.id,
                event.name,
                event.data.get(),
                event.ts,
                event.v,
                user,
                event.traceparent,
                now
            ],
        )
    }

    fn load_event(&mut self, key: EventKey) -> Result<Option<RawEnvelope>> {
        read::event(&self.connection, key)
    }

    fn see(&mut self, function: FunctionIndex, key: &str, since: i64, now: i64) -> Result<bool> {
        let function = self.number(function);
        let sql = "SELECT at FROM seen WHERE function = ?1 AND key = ?2";
        let seen: Option<i64> = self
            .connection
            .prepare_cached(sql)?
            .query_row(params![function, key], |row| row.get(0))
            .optional()?;
        if seen.is_some_and(|seen| seen >= since) {
            return Ok(false);
        }
        self.write(
            "INSERT OR REPLACE INTO seen (function, key, at) VALUES (?1, ?2, ?3)",
            params![function, key, now],
        )?;
        Ok(true)
    }

    fn put_run(&mut self, run: &RunRow) -> Result<()> {
        let function = self.number(run.function);
        let (parent, parent_step) = run.parent.as_ref().map(|parent| (parent.run, &*parent.step)).unzip();
        self.write(
            "INSERT INTO runs (seq, id, function, event, status, attempt, created, due, place, slot_1, slot_2,
                               deadline, recoveries, parent, parent_step, replay_of)
             VALUES (?1, ?2, ?3, ?4, 0, 0, ?5, ?6, ?7, ?8, ?9, ?10, 0, ?11, ?12, ?13)",
            params![
                run.key,
                &*run.id,
                function,
                run.events.first(),
                run.created,
                run.due,
                run.order,
                slot(run.slots[0]),
                slot(run.slots[1]),
                run.deadline,
                parent,
                parent_step,
                run.replay_of.as_deref(),
            ],
        )?;
        if run.events.len() > 1 {
            for (place, event) in run.events.iter().enumerate() {
                let place = i64::try_from(place).unwrap_or(i64::MAX);
                self.write(
                    "INSERT INTO batches (run, place, event) VALUES (?1, ?2, ?3)",
                    params![run.key, place, event],
                )?;
            }
        }
        Ok(())
    }

    fn load_run(&mut self, run: RunKey) -> Result<Option<StoredRun>> {
        read::run(&self.connection, run, &self.indexes)
    }

    fn find_run(&mut self, id: &str) -> Result<Option<(RunKey, Status)>> {
        read::find_run(&self.connection, id)
    }

    fn events_of(&mut self, run: RunKey) -> Result<Option<(FunctionIndex, Vec<EventKey>)>> {
        read::events_of(&self.connection, run, &self.indexes)
    }

    fn set_started(&mut self, run: RunKey, started: i64, deadline: Option<i64>) -> Result<()> {
        self.write(
            "UPDATE runs SET started = ?2, deadline = ?3 WHERE seq = ?1",
            params![run, started, deadline],
        )
    }

    fn set_status(&mut self, run: RunKey, status: Status) -> Result<()> {
        self.write("UPDATE runs SET status = ?2 WHERE seq = ?1", params![run, status as i64])
    }

    fn set_attempt(&mut self, run: RunKey, attempt: u32, due: i64) -> Result<()> {
        self.write("UPDATE runs SET attempt = ?2, due = ?3 WHERE seq = ?1", params![run, attempt, due])
    }

    fn set_recoveries(&mut self, run: RunKey, recoveries: u32) -> Result<()> {
        self.write("UPDATE runs SET recoveries = ?2 WHERE seq = ?1", params![run, recoveries])
    }

    fn end_run(&mut self, run: RunKey, end: &RunEnd, started: Option<i64>, now: i64) -> Result<()> {
        let result = match end {
            RunEnd::Completed(output) => output.to_string(),
            RunEnd::Failed(failure) | RunEnd::Cancelled(failure) => json(failure),
        };
        self.write(
            "UPDATE runs SET status = ?2, result = ?3, started = coalesce(started, ?4), ended = ?5 WHERE seq = ?1",
            params![run, end.status() as i64, result, started, now],
        )
    }

    fn reopen_run(&mut self, run: RunKey, now: i64) -> Result<()> {
        self.write(
            "UPDATE runs SET status = 0, result = NULL, ended = NULL, attempt = 0, due = ?2, deadline = NULL,
                             recoveries = 0 WHERE seq = ?1",
            params![run, now],
        )?;
        self.write("DELETE FROM steps WHERE run = ?1 AND error IS NOT NULL", params![run])
    }

    fn put_result(
        &mut self,
        run: RunKey,
        (step, kind): (&str, StepKind),
        ord: u32,
        outcome: &Outcome,
        now: i64,
    ) -> Result<()> {
        let (value, error) = match outcome {
            Outcome::Value(json) => (Some(&**json), None),
            Outcome::Failed(failure) => (None, Some(json(failure))),
        };
        // The first result stays.
        self.write(
            "INSERT INTO steps (run, key, kind, ord, attempts, value, error, at) VALUES (?1, ?2, ?3, ?4, 0, ?5, ?6, ?7)
             ON CONFLICT (run, key) DO UPDATE
             SET kind = excluded.kind, ord = excluded.ord, due = NULL, value = excluded.value,
                 error = excluded.error, at = excluded.at
             WHERE ord IS NULL",
            params![run, step, kind as i64, ord, value, error, now],
        )
    }

    fn put_pending(&mut self, run: RunKey, pending: &Pending, now: i64) -> Result<()> {
        let (event, condition) =
            pending.wait.as_ref().map(|(event, condition)| (&**event, condition)).unzip();
        self.write(
            "INSERT INTO steps (run, key, kind, attempts, due, wait_event, wait_if, at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
             ON CONFLICT (run, key) DO UPDATE SET attempts = excluded.attempts, due = excluded.due, at = excluded.at
             WHERE ord IS NULL",
            params![
                run,
                &*pending.key,
                pending.kind as i64,
                pending.attempts,
                pending.due,
                event,
                condition.and_then(|condition| condition.as_deref()),
                now,
            ],
        )
    }

    fn drop_pending(&mut self, run: RunKey, step: &str) -> Result<()> {
        self.write("DELETE FROM steps WHERE run = ?1 AND key = ?2 AND ord IS NULL", params![run, step])
    }

    fn put_failed_attempt(
        &mut self,
        run: RunKey,
        step: &str,
        attempt: u32,
        message: &str,
        now: i64,
    ) -> Result<()> {
        self.write(
            "INSERT OR REPLACE INTO failures (run, step, attempt, message, at) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![run, step, attempt, message, now],
        )
    }

    fn put_wait(&mut self, wait: &WaitRow) -> Result<()> {
        let (field, value) =
            wait.field.as_ref().map(|(field, value)| (&**field, value.cast_signed())).unzip();
        self.write(
            "INSERT OR REPLACE INTO waits (run, slot, event, field, value) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![wait.key.run, wait.key.slot.cast_signed(), &*wait.event, field, value],
        )
    }

    fn drop_wait(&mut self, wait: WaitKey) -> Result<()> {
        self.write(
            "DELETE FROM waits WHERE run = ?1 AND slot = ?2",
            params![wait.run, wait.slot.cast_signed()],
        )
    }

    fn drop_waits(&mut self, run: RunKey) -> Result<Vec<WaitRow>> {
        let waits = read::waits(&self.connection, Some(run))?;
        self.write("DELETE FROM waits WHERE run = ?1", params![run])?;
        Ok(waits)
    }

    fn put_flow(&mut self, flow: &FlowRow) -> Result<()> {
        self.write(
            "INSERT OR REPLACE INTO flows (function, kind, key, state) VALUES (?1, ?2, ?3, ?4)",
            params![self.number(flow.function), flow.state.kind() as i64, &*flow.key, json(&flow.state)],
        )
    }

    fn drop_flow(&mut self, flow: &FlowRow) -> Result<()> {
        self.write(
            "DELETE FROM flows WHERE function = ?1 AND kind = ?2 AND key = ?3",
            params![self.number(flow.function), flow.state.kind() as i64, &*flow.key],
        )
    }

    fn prune(&mut self, ended_before: i64, keep: u64, seen_before: i64) -> Result<bool> {
        self.begin()?;
        prune(&self.connection, &mut self.cursors, ended_before, keep, seen_before)
    }
}
