//! Inspection: the contents of the database as types. Reads go beside the writer and never block it.

use std::time::SystemTime;

use rusqlite::{Connection, OptionalExtension, Result, Row, params};
use serde_json::value::RawValue;

use super::engine::{Engine, Shared};
use super::sqlite::backup;
use super::{EngineError, Totals};
use crate::client::SharedError;
use crate::clock::from_ms;
use crate::engine::model::Status;
use crate::event::Cause;
use crate::function::{Failure, StepKind};
use crate::middleware::Place;

/// The most rows of one page.
const MAX_PAGE: usize = 1_000;

/// The status of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RunStatus {
    /// It is executing, or is queued.
    Open,
    /// It is waiting for a time, an event or another run, and is not in memory.
    Waiting,
    /// It returned.
    Completed,
    /// It failed for good.
    Failed,
    /// It was cancelled.
    Cancelled,
}

impl RunStatus {
    const ALL: [Self; 5] = [Self::Open, Self::Waiting, Self::Completed, Self::Failed, Self::Cancelled];

    const fn number(self) -> i64 {
        match self {
            Self::Open => Status::Open as i64,
            Self::Waiting => Status::Parked as i64,
            Self::Completed => Status::Completed as i64,
            Self::Failed => Status::Failed as i64,
            Self::Cancelled => Status::Cancelled as i64,
        }
    }

    fn of_number(number: i64) -> Self {
        match Status::of_number(number) {
            Some(Status::Parked) => Self::Waiting,
            Some(Status::Completed) => Self::Completed,
            Some(Status::Failed) => Self::Failed,
            Some(Status::Cancelled) => Self::Cancelled,
            Some(Status::Open) | None => Self::Open,
        }
    }
}

/// Selects runs. Without any condition: all of them, the newest first.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct RunFilter {
    /// Only runs of the function with this id.
    pub function_id: Option<String>,
    /// Only runs with this status.
    pub status: Option<RunStatus>,
    /// Only runs started by the event with this id. Fast: there is an index.
    pub event_id: Option<String>,
    /// Only runs created before the run with this id: the page that follows it.
    pub before: Option<String>,
    /// The greatest number of results, 1 to 1,000. Default: 50.
    pub limit: Option<usize>,
}

/// Selects events. Without any condition: all of them, the newest first.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct EventFilter {
    /// Only events with this name.
    pub name: Option<String>,
    /// Only events accepted before the event with this id: the page that follows it.
    pub before: Option<String>,
    /// The greatest number of results, 1 to 1,000. Default: 50.
    pub limit: Option<usize>,
}

/// A run.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RunInfo {
    /// Its id.
    pub id: String,
    /// The id of its function.
    pub function_id: String,
    /// Its status.
    pub status: RunStatus,
    /// The id of the event that started it; of a batch, the first event.
    pub event_id: Option<String>,
    /// The name of that event.
    pub event_name: Option<String>,
    /// Failed attempts of the function itself.
    pub attempt: u32,
    /// When its event was accepted.
    pub created: SystemTime,
    /// When it first executed. May be missing while the run is still executing.
    pub started: Option<SystemTime>,
    /// When it ended.
    pub ended: Option<SystemTime>,
    /// What it returned, as JSON.
    pub output: Option<String>,
    /// Why it failed or was cancelled.
    pub error: Option<String>,
    /// The id of the run that this one replays.
    pub replay_of: Option<String>,
    /// Why this build cannot resume it: its event, or the version of the payload, is unknown here. The run stays open until a
    /// build that knows them resumes it.
    pub held: Option<String>,
}

/// The open runs of a function that the application does not list. They wait until it is listed again, or until another takes
/// them over with `#[function(was = "..")]`; [`Engine::cancel`] ends one.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Orphans {
    /// The id of the function.
    pub function_id: String,
    /// The number of its runs that have not ended.
    pub open_runs: u64,
}

/// A run with its steps.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RunDetails {
    /// The run.
    pub run: RunInfo,
    /// Its steps: those with a result in the order of the results, then the others.
    pub steps: Vec<StepInfo>,
    /// The attempts that failed, in chronological order.
    pub failures: Vec<FailedAttempt>,
}

/// A step of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct StepInfo {
    /// Its id, numbered if the id is used again: `mail:1`.
    pub id: String,
    /// What kind of step it is.
    pub kind: StepKind,
    /// Its result, as JSON.
    pub output: Option<String>,
    /// Why it failed for good.
    pub error: Option<String>,
    /// For a step without a result: when it ends, times out or is retried.
    pub due: Option<SystemTime>,
    /// When it was last written.
    pub at: SystemTime,
}

/// An attempt that failed, and was followed by another.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct FailedAttempt {
    /// The id of the step; `None` for the function itself.
    pub step: Option<String>,
    /// The number of the attempt, from 1.
    pub attempt: u32,
    /// The message of its error.
    pub message: String,
    /// When it failed.
    pub at: SystemTime,
}

/// An event.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct EventInfo {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The payload.
    pub data: Box<RawValue>,
    /// When it happened.
    pub ts: SystemTime,
    /// When it was accepted.
    pub received: SystemTime,
    /// What caused it, unless it begins a chain.
    pub cause: Option<Cause>,
    /// The metadata that comes with every event of the registry, if it names any.
    pub meta: Option<Box<RawValue>>,
}

impl<F> Engine<F> {
    /// Lists runs, the newest first.
    ///
    /// # Errors
    ///
    /// When the engine is closed, or the database cannot be read.
    pub async fn runs(&self, filter: &RunFilter) -> Result<Vec<RunInfo>, EngineError> {
        let filter = filter.clone();
        let mut runs = self.shared.read(move |connection| runs(connection, &filter)).await?;
        for run in &mut runs {
            self.shared.show(run);
        }
        Ok(runs)
    }

    /// Finds a run by its id, with its steps and failed attempts.
    ///
    /// # Errors
    ///
    /// When the engine is closed, or the database cannot be read.
    pub async fn run(&self, id: &str) -> Result<Option<RunDetails>, EngineError> {
        let id = id.to_owned();
        let mut details = self.shared.read(move |connection| details(connection, &id)).await?;
        if let Some(details) = &mut details {
            self.shared.show_details(details);
        }
        Ok(details)
    }

    /// Lists events, the newest first.
    ///
    /// # Errors
    ///
    /// When the engine is closed, or the database cannot be read.
    pub async fn events(&self, filter: &EventFilter) -> Result<Vec<EventInfo>, EngineError> {
        let filter = filter.clone();
        let mut events = self.shared.read(move |connection| events(connection, &filter)).await?;
        for event in &mut events {
            self.shared.show_event(event);
        }
        Ok(events)
    }

    /// Lists the functions that have open runs but are not in the application: removed, or renamed without `was`. Their runs
    /// cost nothing and stay as they are; [`runs`](Self::runs) lists those of one, [`cancel`](Self::cancel) ends one.
    ///
    /// # Errors
    ///
    /// When the engine is closed, or the database cannot be read.
    pub async fn orphans(&self) -> Result<Vec<Orphans>, EngineError> {
        let mut open = self.shared.read(open_runs).await?;
        open.retain(|orphans| !self.shared.lists(&orphans.function_id));
        Ok(open)
    }

    /// Copies the database to another file, readable by its owner only, while the engine is running. The copy is a consistent
    /// database as of one moment.
    ///
    /// # Errors
    ///
    /// When the file exists or cannot be written, or the engine is closed.
    pub async fn backup(&self, path: impl Into<std::path::PathBuf>) -> Result<(), EngineError> {
        let path = path.into();
        let copied = self.shared.read(move |connection| Ok(backup(connection, &path))).await?;
        copied.map_err(|error| EngineError::Store(SharedError::new(error)))
    }
}

/// What is stored, as the layers of the application show it.
impl Shared {
    fn show(&self, run: &mut RunInfo) {
        let place = Place::stored(&run.function_id, &run.id, None);
        if let Some(json) = &mut run.output {
            *json = self.application.middleware.shown(&place, json).into_owned();
        }
    }

    fn show_details(&self, details: &mut RunDetails) {
        let RunDetails { run, steps, .. } = details;
        self.show(run);
        for step in steps {
            let place = Place::stored(&run.function_id, &run.id, Some((&step.id, step.kind)));
            if let Some(json) = &mut step.output {
                *json = self.application.middleware.shown(&place, json).into_owned();
            }
        }
    }

    fn show_event(&self, event: &mut EventInfo) {
        if let Ok(data) = self.application.middleware.receive_data(&event.name, None, event.data.clone()) {
            event.data = data;
        }
    }
}

fn page(limit: Option<usize>) -> i64 {
    i64::try_from(limit.unwrap_or(50).clamp(1, MAX_PAGE)).unwrap_or(1)
}

const RUN_COLUMNS: &str =
    "runs.id, coalesce(heirs.id, functions.id), status, events.id, events.name, attempt, created, started, ended,
                           result, replay_of, held";

/// A run with its function, under the id that this has now, and its event.
const RUN_TABLES: &str =
    "runs JOIN functions ON functions.num = function LEFT JOIN functions AS heirs ON heirs.num = functions.heir
                          LEFT JOIN events ON events.seq = runs.event";

fn run_info(row: &Row<'_>) -> Result<RunInfo> {
    let status = RunStatus::of_number(row.get(2)?);
    let result: Option<String> = row.get(9)?;
    let (output, error) = match status {
        RunStatus::Completed => (result, None),
        _ => (None, result.map(|json| message(&json))),
    };
    Ok(RunInfo {
        id: row.get(0)?,
        function_id: row.get(1)?,
        status,
        event_id: row.get(3)?,
        event_name: row.get(4)?,
        attempt: row.get(5)?,
        created: from_ms(row.get(6)?),
        started: row.get::<_, Option<_>>(7)?.map(from_ms),
        ended: row.get::<_, Option<_>>(8)?.map(from_ms),
        output,
        error,
        replay_of: row.get(10)?,
        held: row.get(11)?,
    })
}

/// The message of a failure.
fn message(json: &str) -> String {
    serde_json::from_str::<Failure>(json).map_or_else(|_| json.to_owned(), |failure| failure.message)
}

fn runs(connection: &Connection, filter: &RunFilter) -> Result<Vec<RunInfo>> {
    let before = match &filter.before {
        Some(id) => {
            match connection.query_row("SELECT seq FROM runs WHERE id = ?1", [id], |row| row.get(0)) {
                Ok(key) => key,
                Err(rusqlite::Error::QueryReturnedNoRows) => return Ok(Vec::new()),
                Err(error) => return Err(error),
            }
        }
        None => i64::MAX,
    };
    if filter.event_id.is_none() && (filter.function_id.is_some() || filter.status.is_some()) {
        let mut statement =
            connection.prepare(&format!("SELECT {RUN_COLUMNS} FROM {RUN_TABLES} WHERE runs.seq = ?1"))?;
        let keys = newest(connection, filter, before)?;
        // One may have been pruned meanwhile.
        let found =
            keys.into_iter().filter_map(|key| statement.query_row([key], run_info).optional().transpose());
        return found.collect();
    }
    let sql = format!(
        "SELECT {RUN_COLUMNS} FROM {RUN_TABLES}
         WHERE (?1 IS NULL OR runs.event IN (SELECT seq FROM events WHERE id = ?1))
           AND (?2 IS NULL OR coalesce(heirs.id, functions.id) = ?2) AND (?3 IS NULL OR status = ?3) AND runs.seq < ?4
         ORDER BY runs.seq DESC LIMIT ?5"
    );
    // With an event its index leads, else the order of the runs.
    let sql = if filter.event_id.is_some() { sql.replace("(?1 IS NULL OR ", "(") } else { sql };
    let status = filter.status.map(RunStatus::number);
    let mut statement = connection.prepare(&sql)?;
    let rows = statement.query_map(
        params![filter.event_id, filter.function_id, status, before, page(filter.limit)],
        run_info,
    )?;
    rows.collect()
}

/// The newest runs of a function, in a state, or both: of each function and state some are looked up in an index.
fn newest(connection: &Connection, filter: &RunFilter, before: i64) -> Result<Vec<i64>> {
    let limit = page(filter.limit);
    let mut functions = connection.prepare(
        "SELECT functions.num FROM functions LEFT JOIN functions AS heirs ON heirs.num = functions.heir
         WHERE ?1 IS NULL OR coalesce(heirs.id, functions.id) = ?1",
    )?;
    let functions: Vec<i64> =
        functions.query_map([&filter.function_id], |row| row.get(0))?.collect::<Result<_>>()?;
    let mut keys: Vec<i64> = Vec::new();
    for status in RunStatus::ALL.into_iter().filter(|status| filter.status.is_none_or(|only| only == *status))
    {
        // The indexes hold either what is open or what has ended: which one is known from the text alone.
        let (number, side) = (status.number(), if status.number() < 1 { "< 1" } else { "> 0" });
        let mut statement = connection.prepare(&format!(
            "SELECT seq FROM runs WHERE function = ?1 AND status = {number} AND status {side} AND seq < ?2
             ORDER BY seq DESC LIMIT ?3"
        ))?;
        for function in &functions {
            for key in statement.query_map(params![function, before, limit], |row| row.get(0))? {
                keys.push(key?);
            }
        }
    }
    keys.sort_unstable_by(|a, b| b.cmp(a));
    keys.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(keys)
}

/// How many runs of each function have not ended, under the id that it has now.
fn open_runs(connection: &Connection) -> Result<Vec<Orphans>> {
    let mut statement = connection.prepare(
        "SELECT coalesce(heirs.id, functions.id), sum(open) FROM
             (SELECT function, count(*) AS open FROM runs WHERE status < 1 GROUP BY function)
         JOIN functions ON functions.num = function LEFT JOIN functions AS heirs ON heirs.num = functions.heir
         GROUP BY 1 ORDER BY 1",
    )?;
    let rows = statement.query_map([], |row| {
        Ok(Orphans { function_id: row.get(0)?, open_runs: row.get::<_, i64>(1)?.unsigned_abs() })
    })?;
    rows.collect()
}

fn details(connection: &Connection, id: &str) -> Result<Option<RunDetails>> {
    let sql = format!("SELECT {RUN_COLUMNS}, runs.seq FROM {RUN_TABLES} WHERE runs.id = ?1");
    let found: Option<(RunInfo, i64)> =
        connection.query_row(&sql, [id], |row| Ok((run_info(row)?, row.get(12)?))).optional()?;
    let Some((run, key)) = found else { return Ok(None) };
    let mut statement = connection.prepare(
        "SELECT key, kind, value, error, due, at FROM steps WHERE run = ?1 ORDER BY ord IS NULL, ord, key",
    )?;
    let steps = statement.query_map([key], |row| {
        Ok(StepInfo {
            id: row.get(0)?,
            kind: StepKind::of_number(row.get(1)?).unwrap_or(StepKind::Run),
            output: row.get(2)?,
            error: row.get::<_, Option<String>>(3)?.map(|json| message(&json)),
            due: row.get::<_, Option<_>>(4)?.map(from_ms),
            at: from_ms(row.get(5)?),
        })
    })?;
    let steps = steps.collect::<Result<_>>()?;
    let mut statement = connection.prepare(
        "SELECT step, attempt, message, at FROM failures WHERE run = ?1 ORDER BY at, step, attempt",
    )?;
    let failures = statement.query_map([key], |row| {
        Ok(FailedAttempt {
            step: Some(row.get::<_, String>(0)?).filter(|step| !step.is_empty()),
            attempt: row.get(1)?,
            message: row.get(2)?,
            at: from_ms(row.get(3)?),
        })
    })?;
    Ok(Some(RunDetails { run, steps, failures: failures.collect::<Result<_>>()? }))
}

fn events(connection: &Connection, filter: &EventFilter) -> Result<Vec<EventInfo>> {
    let mut statement = connection.prepare(
        "SELECT id, name, data, ts, received, cause, meta FROM events
         WHERE (?1 IS NULL OR name = ?1)
           AND (?2 IS NULL OR seq < (SELECT max(seq) FROM events WHERE id = ?2))
         ORDER BY seq DESC LIMIT ?3",
    )?;
    let rows = statement.query_map(params![filter.name, filter.before, page(filter.limit)], |row| {
        Ok(EventInfo {
            id: row.get(0)?,
            name: row.get(1)?,
            data: RawValue::from_string(row.get(2)?).unwrap_or_default(),
            ts: from_ms(row.get(3)?),
            received: from_ms(row.get(4)?),
            cause: row.get::<_, Option<String>>(5)?.and_then(|json| serde_json::from_str(&json).ok()),
            meta: row.get::<_, Option<String>>(6)?.and_then(|json| RawValue::from_string(json).ok()),
        })
    })?;
    rows.collect()
}

pub(super) fn totals(connection: &Connection) -> Result<Totals> {
    let count = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, i64>(0)).map(i64::unsigned_abs);
    Ok(Totals {
        events: count("SELECT count(*) FROM events")?,
        runs: count("SELECT count(*) FROM runs")?,
        open: count("SELECT count(*) FROM runs WHERE status < 1")?,
        completed: count("SELECT count(*) FROM runs WHERE status = 1")?,
        failed: count("SELECT count(*) FROM runs WHERE status = 2")?,
        cancelled: count("SELECT count(*) FROM runs WHERE status = 3")?,
        steps_recorded: count("SELECT count(*) FROM steps WHERE kind = 0 AND ord IS NOT NULL")?,
    })
}
