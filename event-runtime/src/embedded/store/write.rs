//! What is written, as data: each write is all or nothing.

use std::collections::HashMap;
use std::sync::Arc;

use rusqlite::{OptionalExtension, Result, Transaction, params};
use serde_json::value::RawValue;

use crate::app::Core;
use crate::client::Receipt;
use crate::clock::Environment;
use crate::envelope::RawEnvelope;
use crate::function::{Failure, Outcome};

/// The place of a run in the order of all runs: its key in the database.
pub(in crate::embedded) type RunKey = i64;

/// A run that has not ended.
#[derive(Debug, Clone)]
pub(in crate::embedded) struct OpenRun {
    pub(in crate::embedded) key: RunKey,
    pub(in crate::embedded) id: Arc<str>,
    /// Index of the function in the application.
    pub(in crate::embedded) function: usize,
    pub(in crate::embedded) event: Arc<RawEnvelope>,
    /// Failed attempts of the function itself.
    pub(in crate::embedded) attempt: u32,
    /// Not before, in milliseconds since the Unix epoch.
    pub(in crate::embedded) due: i64,
    /// Taken up after a crash, without progress since; `None` for a new run.
    pub(in crate::embedded) recoveries: Option<u32>,
    /// The recorded results, in their order.
    pub(in crate::embedded) recorded: Vec<Recorded>,
    /// Steps without a result yet.
    pub(in crate::embedded) unfinished: HashMap<Arc<str>, Unfinished>,
}

/// A run as it is stored with its event.
pub(in crate::embedded) type NewRun = OpenRun;

/// A recorded result.
#[derive(Debug, Clone)]
pub(in crate::embedded) struct Recorded {
    pub(in crate::embedded) key: Arc<str>,
    pub(in crate::embedded) outcome: Outcome,
}

/// A step without a result: failed attempts, or a sleep that has begun.
#[derive(Debug, Clone, Copy)]
pub(in crate::embedded) struct Unfinished {
    pub(in crate::embedded) attempts: u32,
    pub(in crate::embedded) due: i64,
}

/// What kind of step a result belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::embedded) enum RecordedKind {
    Run = 0,
    Sleep = 1,
    Send = 2,
}

/// How a run ends.
#[derive(Debug)]
pub(in crate::embedded) enum RunEnd {
    Completed(Box<RawValue>),
    Failed(Failure),
}

/// One write.
#[derive(Debug)]
pub(in crate::embedded) enum Write {
    /// Events from a client, and the runs that they start.
    Events(Vec<RawEnvelope>),
    /// The result of a step.
    Record { run: RunKey, key: Arc<str>, kind: RecordedKind, ord: u32, outcome: Outcome },
    /// A step that has no result yet: a failed attempt and when the next is due, or the end of a sleep.
    Defer { run: RunKey, key: Arc<str>, kind: RecordedKind, attempts: u32, due: i64 },
    /// Events from a step, the runs that they start, and the result of the step: the ids of the events.
    Send { run: RunKey, key: Arc<str>, ord: u32, events: Vec<RawEnvelope> },
    /// A failed attempt of the function itself, and when the next is due.
    Retry { run: RunKey, attempt: u32, due: i64 },
    /// A run is taken up after a crash.
    Recover { run: RunKey },
    /// The end of a run.
    End { run: RunKey, end: RunEnd },
}

/// What a write has led to.
#[derive(Debug, Default)]
pub(in crate::embedded) struct Written {
    /// Of events: what became of each.
    pub(in crate::embedded) receipts: Vec<Receipt>,
    /// The runs that the events start.
    pub(in crate::embedded) runs: Vec<NewRun>,
    /// Of a step that sends: its result.
    pub(in crate::embedded) value: Option<Arc<str>>,
}

/// What a write is made with.
pub(super) struct Writing<'a> {
    pub(super) transaction: &'a Transaction<'a>,
    pub(super) core: &'a Core,
    pub(super) environment: &'a Environment,
    /// How long an event's id is remembered, in milliseconds.
    pub(super) dedupe_window_ms: i64,
}

impl Writing<'_> {
    pub(super) fn write(&self, write: &Write) -> Result<Written> {
        match write {
            Write::Events(events) => self.events(events),
            Write::Record { run, key, kind, ord, outcome } => self.record(*run, key, *kind, *ord, outcome),
            Write::Defer { run, key, kind, attempts, due } => self.defer(*run, key, *kind, *attempts, *due),
            Write::Send { run, key, ord, events } => self.send(*run, key, *ord, events),
            Write::Retry { run, attempt, due } => self
                .execute("UPDATE runs SET attempt = ?2, due = ?3 WHERE seq = ?1", params![run, attempt, due]),
            Write::Recover { run } => {
                self.execute("UPDATE runs SET recoveries = recoveries + 1 WHERE seq = ?1", params![run])
            }
            Write::End { run, end } => self.end(*run, end),
        }
    }

    fn execute(&self, sql: &str, params: impl rusqlite::Params) -> Result<Written> {
        self.transaction.prepare_cached(sql)?.execute(params)?;
        Ok(Written::default())
    }

    /// Stores events and the runs that they start.
    fn events(&self, events: &[RawEnvelope]) -> Result<Written> {
        let mut written = Written::default();
        let now = self.environment.now_ms();
        for event in events {
            let duplicate = !self.see(&event.id, now)?;
            if !duplicate {
                self.event(event, now, &mut written)?;
            }
            written.receipts.push(Receipt { id: event.id.clone(), duplicate });
        }
        Ok(written)
    }

    /// Notes the id of an event; whether it is new within the window.
    fn see(&self, id: &str, now: i64) -> Result<bool> {
        let sql = "SELECT received FROM seen WHERE id = ?1";
        let seen: Option<i64> =
            self.transaction.prepare_cached(sql)?.query_row([id], |row| row.get(0)).optional()?;
        if seen.is_some_and(|received| now.saturating_sub(received) < self.dedupe_window_ms) {
            return Ok(false);
        }
        self.execute("INSERT OR REPLACE INTO seen (id, received) VALUES (?1, ?2)", params![id, now])?;
        Ok(true)
    }

    fn event(&self, event: &RawEnvelope, now: i64, written: &mut Written) -> Result<()> {
        let user = event.user.as_ref().map(|user| user.get());
        self.execute(
            "INSERT INTO events (id, name, data, ts, v, user, received) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![event.id, event.name, event.data.get(), event.ts, event.v, user, now],
        )?;
        let event_key = self.transaction.last_insert_rowid();
        let functions = self.core.by_event.get(event.name.as_str());
        if functions.is_none() {
            return Ok(());
        }
        let shared = Arc::new(event.clone());
        for &function in functions.into_iter().flatten() {
            written.runs.push(self.run(function, &shared, event_key)?);
        }
        Ok(())
    }

    fn run(&self, function: usize, event: &Arc<RawEnvelope>, event_key: i64) -> Result<NewRun> {
        let (id, function_id) = (self.environment.new_id(), self.core.functions[function].descriptor.id);
        self.execute(
            "INSERT INTO runs (id, function, event, status, attempt, due, recoveries) VALUES (?1, ?2, ?3, 0, 0, ?4, 0)",
            params![id, function_id, event_key, event.ts],
        )?;
        Ok(OpenRun {
            key: self.transaction.last_insert_rowid(),
            id: id.into(),
            function,
            event: Arc::clone(event),
            attempt: 0,
            due: event.ts,
            recoveries: None,
            recorded: Vec::new(),
            unfinished: HashMap::new(),
        })
    }

    /// Stores a result. The first one wins.
    fn record(
        &self,
        run: RunKey,
        key: &str,
        kind: RecordedKind,
        ord: u32,
        outcome: &Outcome,
    ) -> Result<Written> {
        let (value, error) = match outcome {
            Outcome::Value(json) => (Some(&**json), None),
            Outcome::Failed(failure) => (None, Some(json(failure))),
        };
        self.execute("UPDATE runs SET recoveries = 0 WHERE seq = ?1 AND recoveries > 0", params![run])?;
        self.execute(
            "INSERT INTO steps (run, key, kind, ord, attempts, value, error) VALUES (?1, ?2, ?3, ?4, 0, ?5, ?6)
             ON CONFLICT (run, key) DO UPDATE
             SET kind = excluded.kind, ord = excluded.ord, due = NULL, value = excluded.value, error = excluded.error
             WHERE ord IS NULL",
            params![run, key, kind as i64, ord, value, error],
        )
    }

    fn defer(&self, run: RunKey, key: &str, kind: RecordedKind, attempts: u32, due: i64) -> Result<Written> {
        self.execute(
            "INSERT INTO steps (run, key, kind, attempts, due) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (run, key) DO UPDATE SET attempts = excluded.attempts, due = excluded.due WHERE ord IS NULL",
            params![run, key, kind as i64, attempts, due],
        )
    }

    /// Events and the record of the step that sends them, together: sent exactly once.
    fn send(&self, run: RunKey, key: &str, ord: u32, events: &[RawEnvelope]) -> Result<Written> {
        let mut written = self.events(events)?;
        let ids: Vec<&str> = events.iter().map(|event| event.id.as_str()).collect();
        let value: Arc<str> = json(&ids).into();
        self.record(run, key, RecordedKind::Send, ord, &Outcome::Value(Arc::clone(&value)))?;
        written.value = Some(value);
        Ok(written)
    }

    fn end(&self, run: RunKey, end: &RunEnd) -> Result<Written> {
        let (status, result) = match end {
            RunEnd::Completed(output) => (1, output.get().to_owned()),
            RunEnd::Failed(failure) => (2, json(failure)),
        };
        self.execute("UPDATE runs SET status = ?2, result = ?3 WHERE seq = ?1", params![run, status, result])
    }
}

/// Texts and numbers always have a form in JSON.
fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}
