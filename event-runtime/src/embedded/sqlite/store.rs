//! What the engine writes, as SQL.

use std::borrow::Cow;
use std::sync::Arc;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OptionalExtension, Params, params};

use super::functions::Functions;
use super::prune::{Cursors, prune};
use super::read;
use super::statements::Statements;
use super::upgrade::upgrade;
use super::{crons, key};
use crate::engine::model::{
    Cancellation, CronRow, EventKey, FlowRow, FunctionIndex, Keep, Opening, Orphan, Parent, Pending,
    Reopened, RunEnd, RunKey, RunRow, SignalState, Slots, Status, StoredEvent, WaitKey, WaitRow, WakeRow,
};
use crate::engine::state::runs::Run;
use crate::engine::store::{Result, Store};
use crate::event::RawEnvelope;
use crate::function::Application;
use crate::function::{Outcome, StepKind};
use crate::inspect::AuditEntry;

/// A database, and the transaction that may be open in it.
pub(crate) struct SqliteStore<'c> {
    connection: &'c Connection,
    /// What tokens of signals are made with.
    secret: Vec<u8>,
    statements: Statements<'c>,
    functions: Functions,
    /// Whether the process before this one has ended in order.
    was_closed: bool,
    /// What was remembered of the crons of the application, until the engine has it.
    crons: Vec<CronRow>,
    cursors: Cursors,
    is_open: bool,
}

impl<'c> SqliteStore<'c> {
    /// Notes the application, its functions, and that a process works with the database.
    ///
    /// `new_secret` makes what tokens of signals are made with, should the database have none yet.
    pub(crate) fn new(
        connection: &'c Connection,
        application: &Application,
        new_secret: impl FnOnce() -> [u8; 32],
        now: i64,
    ) -> Result<Self> {
        let transaction = connection.unchecked_transaction()?;
        transaction.execute(
            "INSERT INTO meta (name, value) VALUES ('application', ?1)
             ON CONFLICT (name) DO UPDATE SET value = excluded.value WHERE value IS NOT excluded.value",
            [&application.id],
        )?;
        let secret = secret(&transaction, new_secret)?;
        let functions = Functions::note(&transaction, application)?;
        upgrade(&transaction, application, &functions)?;
        let crons = crons::take_up(&transaction, application, &functions, now)?;
        let was_closed = transaction.execute("DELETE FROM meta WHERE name = 'closed'", [])? > 0;
        // Another build may be able to take these up.
        transaction.execute("UPDATE runs SET held = NULL WHERE held IS NOT NULL", [])?;
        transaction.commit()?;
        let (statements, cursors) = (Statements::prepare(connection)?, Cursors::default());
        Ok(Self { connection, secret, statements, functions, was_closed, crons, cursors, is_open: false })
    }

    /// Notes that the process ends in order: no run is to blame for it.
    pub(crate) fn close_in_order(&mut self) -> Result<()> {
        self.write("INSERT OR REPLACE INTO meta (name, value) VALUES ('closed', 1)", [])?;
        self.commit().map(drop)
    }

    /// Notes what an operator did.
    pub(crate) fn put_audit(&mut self, entry: &AuditEntry, now: i64) -> Result<()> {
        let count = i64::try_from(entry.count).unwrap_or(i64::MAX);
        self.write(
            "INSERT INTO audit (at, who, action, target, count) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![now, entry.who, entry.action, entry.target, count],
        )
    }

    /// What tokens of signals are made with.
    pub(crate) fn secret(&self) -> &[u8] {
        &self.secret
    }

    pub(crate) const fn connection(&self) -> &'c Connection {
        self.connection
    }

    /// Makes everything that was written durable. Whether there was anything.
    pub(crate) fn commit(&mut self) -> Result<bool> {
        if !self.is_open {
            return Ok(false);
        }
        self.statements.commit.execute([])?;
        self.is_open = false;
        Ok(true)
    }

    /// After a failure: closing does not fold the log into the database, for that would flush the log again, and a flush
    /// that has failed once may then succeed without having written anything.
    pub(crate) fn keep_log(&self) {
        if let Err(error) = self.connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true) {
            tracing::warn!(%error, "the log of the database may be folded into it");
        }
    }

    fn begin(&mut self) -> Result<()> {
        if !self.is_open {
            self.statements.begin.execute([])?;
            self.is_open = true;
        }
        Ok(())
    }

    fn write(&mut self, sql: &str, params: impl Params) -> Result<()> {
        self.begin()?;
        self.connection.prepare_cached(sql)?.execute(params)?;
        Ok(())
    }

    /// Removes what is remembered under the former names of a function.
    fn drop_former_flow(&mut self, flow: &FlowRow) -> Result<()> {
        let former = self.functions.numbers(flow.function).get(1..).unwrap_or_default().to_vec();
        for number in former {
            self.write(
                "DELETE FROM flows WHERE function = ?1 AND kind = ?2 AND key = ?3",
                params![number, flow.state.kind() as i64, &*flow.value],
            )?;
        }
        Ok(())
    }

    fn number(&self, function: FunctionIndex) -> i64 {
        self.functions.number(function)
    }
}

/// The secret of a database, which is made once.
fn secret(connection: &Connection, new: impl FnOnce() -> [u8; 32]) -> Result<Vec<u8>> {
    let known = || {
        connection.query_row("SELECT value FROM meta WHERE name = 'secret'", [], |row| row.get(0)).optional()
    };
    if let Some(secret) = known()? {
        return Ok(secret);
    }
    let secret = new().to_vec();
    connection.execute("INSERT INTO meta (name, value) VALUES ('secret', ?1)", [&secret])?;
    Ok(secret)
}

/// Whether a run has nothing but what every run has. Most are such, and each column that is bound costs something.
fn is_plain(run: &RunRow) -> bool {
    let RunRow { events, slots, singleton, parent, deadline, replay_of, .. } = run;
    events.len() == 1
        && *slots == Slots::default()
        && singleton.is_none()
        && parent.is_none()
        && deadline.is_none()
        && replay_of.is_none()
}

/// The columns `value` and `error` of an outcome.
fn columns(outcome: &Outcome) -> (Option<&str>, Option<String>) {
    match outcome {
        Outcome::Value(json) => (Some(&**json), None),
        Outcome::Failed(failure) => (None, Some(json(failure))),
    }
}

/// 0 stands for no limit.
fn slot(slot: u64) -> Option<i64> {
    (slot != 0).then_some(slot.cast_signed())
}

/// Texts and numbers always have a form in JSON.
fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

impl Store for SqliteStore<'_> {
    fn opening(&mut self) -> Result<Opening> {
        let crons = std::mem::take(&mut self.crons);
        read::opening(self.connection, &self.functions, self.was_closed, crons)
    }

    fn find_event(&mut self, id: &str, since: i64) -> Result<Option<EventKey>> {
        Ok(self.statements.find_event.query_row(params![id, since], |row| row.get(0)).optional()?)
    }

    fn put_event(&mut self, key: EventKey, event: &RawEnvelope, now: i64) -> Result<()> {
        let user = event.user.as_ref().map(|user| user.get());
        self.begin()?;
        self.statements.put_event.execute(params![
            key,
            event.id,
            event.name,
            event.data.get(),
            event.ts,
            event.v,
            user,
            event.traceparent,
            now,
            event.cause.as_ref().map(json),
            event.meta.as_ref().map(|meta| meta.get())
        ])?;
        Ok(())
    }

    fn load_event(&mut self, key: EventKey) -> Result<Option<StoredEvent>> {
        read::event(self.connection, key)
    }

    fn see(&mut self, function: FunctionIndex, key: &str, since: i64, now: i64) -> Result<bool> {
        for number in self.functions.numbers(function) {
            let sql = "SELECT at FROM seen WHERE function = ?1 AND key = ?2";
            let mut statement = self.connection.prepare_cached(sql)?;
            let seen: Option<i64> = statement.query_row(params![number, key], |row| row.get(0)).optional()?;
            if seen.is_some_and(|seen| seen >= since) {
                return Ok(false);
            }
        }
        let function = self.number(function);
        self.write(
            "INSERT OR REPLACE INTO seen (function, key, at) VALUES (?1, ?2, ?3)",
            params![function, key, now],
        )?;
        Ok(true)
    }

    fn put_skip(&mut self, event: EventKey, function: FunctionIndex, by: &'static str) -> Result<()> {
        self.write(
            "INSERT OR REPLACE INTO skips (event, function, by) VALUES (?1, ?2, ?3)",
            params![event, self.number(function), by],
        )
    }

    fn put_run(&mut self, run: &RunRow) -> Result<()> {
        let function = self.number(run.function);
        let slots_of = run.slots_of.map(u64::cast_signed);
        self.begin()?;
        if is_plain(run) {
            self.statements.put_plain_run.execute(params![
                run.key,
                &*run.id,
                function,
                run.events.first(),
                run.created,
                run.due,
                run.order,
                slots_of,
            ])?;
            return Ok(());
        }
        let (parent, parent_step) = run.parent.as_ref().map(|parent| (parent.run, &*parent.step)).unzip();
        self.statements.put_run.execute(params![
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
            slot(run.slots[2]),
            slots_of,
            run.singleton.as_deref(),
        ])?;
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

    fn load_run(&mut self, run: RunKey) -> Result<Option<Run>> {
        read::run(self.connection, run, &self.functions)
    }

    fn find_run(&mut self, id: &str) -> Result<Option<(RunKey, Status)>> {
        read::find_run(self.connection, id)
    }

    fn find_run_of(&mut self, event: EventKey, function: FunctionIndex) -> Result<Option<Arc<str>>> {
        read::find_run_of(self.connection, event, self.functions.numbers(function))
    }

    fn events_of(&mut self, run: RunKey) -> Result<Option<(FunctionIndex, Vec<EventKey>)>> {
        read::events_of(self.connection, run, &self.functions)
    }

    fn set_started(&mut self, run: RunKey, started: i64, deadline: Option<i64>) -> Result<()> {
        self.write(
            "UPDATE runs SET started = ?2, deadline = ?3, slot_3 = NULL WHERE seq = ?1",
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
            RunEnd::Completed(output) => Cow::Borrowed(&**output),
            RunEnd::Failed(failure) | RunEnd::Cancelled(failure) => Cow::Owned(json(failure)),
        };
        self.begin()?;
        self.statements.end_run.execute(params![run, end.status() as i64, result, started, now])?;
        Ok(())
    }

    fn set_undoing(&mut self, run: RunKey, end: &RunEnd, started: Option<i64>, now: i64) -> Result<()> {
        self.write(
            "UPDATE runs SET undoing = ?2, status = 0, due = ?3, deadline = NULL, singleton = NULL,
                             started = coalesce(started, ?4)
             WHERE seq = ?1",
            params![run, json(&(end.status() as i64, end.failure())), now, started],
        )
    }

    fn reopen_run(&mut self, run: &Reopened) -> Result<()> {
        self.write(
            "UPDATE runs SET status = 0, result = NULL, ended = NULL, attempt = 0, started = NULL, due = ?2, place = ?3,
                             slots_of = ?4, slot_1 = ?5, slot_2 = ?6, slot_3 = ?7, singleton = ?8, deadline = ?9,
                             recoveries = 0, parent = NULL, parent_step = NULL, undoing = NULL
             WHERE seq = ?1",
            params![
                run.key,
                run.due,
                run.order,
                run.slots_of.cast_signed(),
                slot(run.slots[0]),
                slot(run.slots[1]),
                slot(run.slots[2]),
                run.singleton.as_deref(),
                run.deadline,
            ],
        )?;
        let undos =
            "SELECT substr(key, 1, length(key) - length(' (undo)')) FROM steps WHERE run = ?1 AND kind = 6";
        self.write(&format!("DELETE FROM steps WHERE run = ?1 AND key IN ({undos})"), params![run.key])?;
        self.write("DELETE FROM steps WHERE run = ?1 AND (error IS NOT NULL OR kind = 6)", params![run.key])
    }

    fn set_held(&mut self, run: RunKey, reason: &str) -> Result<()> {
        self.write("UPDATE runs SET held = ?2, recoveries = 0 WHERE seq = ?1", params![run, reason])
    }

    fn load_orphan(&mut self, run: RunKey) -> Result<Option<Orphan>> {
        read::orphan(self.connection, run, &self.functions)
    }

    fn end_orphan(&mut self, run: RunKey, end: &RunEnd, now: i64) -> Result<Option<Parent>> {
        self.end_run(run, end, None, now)?;
        self.write("DELETE FROM steps WHERE run = ?1 AND ord IS NULL", params![run])?;
        read::parent(self.connection, run)
    }

    fn put_result_of_orphan(&mut self, run: RunKey, step: &str, outcome: &Outcome, now: i64) -> Result<()> {
        let (value, error) = columns(outcome);
        self.write(
            "UPDATE steps SET due = NULL, value = ?3, error = ?4, at = ?5,
                              ord = (SELECT coalesce(max(ord) + 1, 0) FROM steps WHERE run = ?1)
             WHERE run = ?1 AND key = ?2 AND ord IS NULL",
            params![run, step, value, error, now],
        )?;
        self.write("UPDATE runs SET status = 0 WHERE seq = ?1 AND status = -1", params![run])
    }

    fn put_result(
        &mut self,
        run: RunKey,
        (step, kind): (&str, StepKind),
        ord: u32,
        outcome: &Outcome,
        now: i64,
    ) -> Result<()> {
        let (value, error) = columns(outcome);
        self.begin()?;
        self.statements.put_result.execute(params![run, step, kind as i64, ord, value, error, now])?;
        Ok(())
    }

    fn put_pending(&mut self, run: RunKey, pending: &Pending, now: i64) -> Result<()> {
        let (event, condition) = pending.wait.as_ref().map(|wait| (&*wait.event, &wait.condition)).unzip();
        self.write(
            "INSERT INTO steps (run, key, kind, attempts, due, wait_event, wait_if, at, noted)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8)
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

    fn signal(&mut self, run: RunKey, slot: u64) -> Result<Option<SignalState>> {
        read::signal(self.connection, run, slot)
    }

    fn put_signal(&mut self, run: RunKey, slot: u64, state: &SignalState) -> Result<()> {
        let (number, value) = match state {
            SignalState::Given(json) => (0, Some(&**json)),
            SignalState::Used => (1, None),
            SignalState::Expired => (2, None),
        };
        self.write(
            "INSERT OR REPLACE INTO signals (run, slot, state, value) VALUES (?1, ?2, ?3, ?4)",
            params![run, slot.cast_signed(), number, value],
        )
    }

    fn put_wait(&mut self, wait: &WaitRow) -> Result<()> {
        let (field, value) =
            wait.field.as_ref().map(|field| (&*field.path, field.value.cast_signed())).unzip();
        self.write(
            "INSERT OR REPLACE INTO waits (run, slot, event, field, value) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![wait.key.run, wait.key.slot.cast_signed(), &*wait.event, field, value],
        )
    }

    fn put_cancellation(&mut self, wait: &WaitRow, terms: &Cancellation) -> Result<()> {
        let (field, value) =
            wait.field.as_ref().map(|field| (&*field.path, field.value.cast_signed())).unzip();
        self.write(
            "INSERT OR REPLACE INTO waits (run, slot, event, field, value, cancels, condition, until)
             VALUES (?1, ?2, ?3, ?4, ?5, 1, ?6, ?7)",
            params![
                wait.key.run,
                wait.key.slot.cast_signed(),
                &*wait.event,
                field,
                value,
                terms.condition.as_deref(),
                terms.until,
            ],
        )
    }

    fn cancellation(&mut self, wait: WaitKey) -> Result<Option<Cancellation>> {
        read::cancellation(self.connection, wait)
    }

    fn drop_wait(&mut self, wait: WaitKey) -> Result<()> {
        self.write(
            "DELETE FROM waits WHERE run = ?1 AND slot = ?2",
            params![wait.run, wait.slot.cast_signed()],
        )
    }

    fn drop_waits(&mut self, run: RunKey) -> Result<Vec<WaitRow>> {
        let waits = read::waits(self.connection, Some(run))?;
        self.write("DELETE FROM waits WHERE run = ?1", params![run])?;
        Ok(waits)
    }

    fn put_wake(&mut self, wake: &WakeRow) -> Result<()> {
        if wake.waits.is_empty() {
            let sql = "DELETE FROM wakes WHERE event = ?1 AND part = ?2";
            return self.write(sql, params![wake.event, wake.part]);
        }
        self.write(
            "INSERT OR REPLACE INTO wakes (event, part, waits) VALUES (?1, ?2, ?3)",
            params![wake.event, wake.part, key::to_bytes(&wake.waits)],
        )
    }

    fn put_flow(&mut self, flow: &FlowRow) -> Result<()> {
        self.drop_former_flow(flow)?;
        self.write(
            "INSERT OR REPLACE INTO flows (function, kind, key, state) VALUES (?1, ?2, ?3, ?4)",
            params![self.number(flow.function), flow.state.kind() as i64, &*flow.value, json(&flow.state)],
        )
    }

    fn drop_flow(&mut self, flow: &FlowRow) -> Result<()> {
        self.drop_former_flow(flow)?;
        self.write(
            "DELETE FROM flows WHERE function = ?1 AND kind = ?2 AND key = ?3",
            params![self.number(flow.function), flow.state.kind() as i64, &*flow.value],
        )
    }

    fn put_cron(&mut self, cron: &CronRow) -> Result<()> {
        // Under former names too: a rename may be taken back.
        for number in self.functions.numbers(cron.function).to_vec() {
            self.write(
                "INSERT OR REPLACE INTO crons (function, cron, fired) VALUES (?1, ?2, ?3)",
                params![number, &*cron.cron, cron.fired],
            )?;
        }
        Ok(())
    }

    fn set_paused(&mut self, function: FunctionIndex, since: Option<i64>) -> Result<()> {
        // Under former names too: a rename may be taken back.
        for number in self.functions.numbers(function).to_vec() {
            self.write("UPDATE functions SET paused = ?2 WHERE num = ?1", params![number, since])?;
        }
        Ok(())
    }

    fn prune(&mut self, keep: &Keep<'_>) -> Result<bool> {
        self.begin()?;
        prune(self.connection, &mut self.cursors, keep)
    }
}
