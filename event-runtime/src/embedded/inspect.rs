//! Inspection: the contents of the database as types. Reads go beside the writer and never block it.

use std::fmt::Write as _;

use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, Result, Row, params_from_iter};
use serde_json::value::RawValue;

use super::engine::{Engine, Shared};
use super::sqlite::backup;
use super::{EngineError, Totals};
use crate::client::SharedError;
use crate::clock::{from_ms, to_ms};
use crate::engine::model::{RunKey, Status};
use crate::event::EventDescriptor;
use crate::function::{Failure, StepKind};
use crate::inspect::{
    Cursor, EventFilter, EventInfo, FailedAttempt, KeyFilter, Order, Orphans, Page, Period, RunDetails,
    RunFilter, RunInfo, RunStatus, StepInfo,
};
use crate::middleware::Place;

impl<F> Engine<F> {
    /// Lists runs, the newest first unless the filter says otherwise.
    ///
    /// # Errors
    ///
    /// When the engine is closed, or the database cannot be read.
    pub async fn runs(&self, filter: &RunFilter) -> Result<Page<RunInfo>, EngineError> {
        let key = filter.key.as_ref().map(|key| keyed(key, self.shared.events()));
        let (filter, waiting) = (filter.clone(), Waiting(self.shared.waiting_runs().await?));
        let mut page =
            self.shared.read(move |connection| runs(connection, &filter, key.as_ref(), &waiting)).await?;
        for run in &mut page.items {
            self.shared.show(run);
        }
        Ok(page)
    }

    /// Lists events, the newest first unless the filter says otherwise.
    ///
    /// # Errors
    ///
    /// When the engine is closed, or the database cannot be read.
    pub async fn events(&self, filter: &EventFilter) -> Result<Page<EventInfo>, EngineError> {
        let key = filter.key.as_ref().map(|key| keyed(key, self.shared.events()));
        let filter = filter.clone();
        let mut page = self.shared.read(move |connection| events(connection, &filter, key.as_ref())).await?;
        for event in &mut page.items {
            self.shared.show_event(event);
        }
        Ok(page)
    }

    /// Finds a run by its id, with its steps and failed attempts.
    ///
    /// # Errors
    ///
    /// When the engine is closed, or the database cannot be read.
    pub async fn run(&self, id: &str) -> Result<Option<RunDetails>, EngineError> {
        let (id, waiting) = (id.to_owned(), Waiting(self.shared.waiting_runs().await?));
        let mut details = self.shared.read(move |connection| details(connection, &id, &waiting)).await?;
        if let Some(details) = &mut details {
            self.shared.show_details(details);
        }
        Ok(details)
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

/// A condition in SQL with its values, in their order.
#[derive(Default)]
struct Sql {
    text: String,
    values: Vec<Value>,
}

impl Sql {
    fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), values: Vec::new() }
    }

    /// Adds text, in which each `?` is one of the values.
    fn add<V: Into<Value>>(&mut self, text: &str, values: impl IntoIterator<Item = V>) -> &mut Self {
        self.text.push_str(text);
        self.values.extend(values.into_iter().map(Into::into));
        self
    }

    fn add_all(&mut self, other: &Self) -> &mut Self {
        self.add(&other.text, other.values.iter().cloned())
    }

    /// ` AND column IN (?, ?)`; nothing without values.
    fn and_in(&mut self, column: &str, values: &[String]) -> &mut Self {
        if values.is_empty() {
            return self;
        }
        let places = vec!["?"; values.len()].join(", ");
        self.add(&format!(" AND {column} IN ({places})"), values.iter().cloned())
    }

    fn and_within(&mut self, Period { column, from, to }: Period) -> &mut Self {
        if let Some(from) = from {
            self.add(&format!(" AND {column} >= ?"), [to_ms(from)]);
        }
        if let Some(to) = to {
            self.add(&format!(" AND {column} < ?"), [to_ms(to)]);
        }
        self
    }

    /// ` AND column < ?`, in the order that is asked for.
    fn and_after(&mut self, column: &str, after: Option<i64>, order: Order) -> &mut Self {
        let Some(after) = after else { return self };
        let is = if order == Order::Oldest { '>' } else { '<' };
        self.add(&format!(" AND {column} {is} ?"), [after])
    }

    fn order_by(&mut self, column: &str, order: Order, limit: usize) -> &mut Self {
        let direction = if order == Order::Oldest { "ASC" } else { "DESC" };
        self.add(
            &format!(" ORDER BY {column} {direction} LIMIT ?"),
            [i64::try_from(limit).unwrap_or(i64::MAX)],
        )
    }

    fn query<T>(&self, connection: &Connection, read: impl FnMut(&Row<'_>) -> Result<T>) -> Result<Vec<T>> {
        let mut statement = connection.prepare(&self.text)?;
        let rows = statement.query_map(params_from_iter(&self.values), read)?;
        rows.collect()
    }
}

/// The condition that an event has this key, by the fields that are the key of each event.
fn keyed(key: &KeyFilter, events: Vec<&'static EventDescriptor>) -> Sql {
    let mut sql = Sql::new(" AND (0");
    let has_such_a_key = |event: &&EventDescriptor| {
        event.key.len() == key.parts.len() && key.kinds.as_ref().is_none_or(|kinds| kinds == event.key_kinds)
    };
    for event in events.into_iter().filter(has_such_a_key) {
        sql.add(" OR (events.name = ?", [event.name.to_owned()]);
        for (field, part) in event.key.iter().zip(&key.parts) {
            let path = format!("$.{}", serde_json::Value::from(*field));
            // A text as it is, or a number as it stands in the JSON.
            let values = [path.clone(), part.clone(), path, part.clone()];
            sql.add(" AND (events.data ->> ? = ? OR events.data -> ? = ?)", values);
        }
        sql.add::<Value>(")", []);
    }
    sql.add::<Value>(")", []);
    sql
}

/// The runs whose executions wait in memory. On disk they are open.
struct Waiting(Vec<RunKey>);

impl Waiting {
    /// As a list in JSON.
    fn list(&self) -> String {
        let mut list = String::from("[");
        for (index, run) in self.0.iter().enumerate() {
            let comma = if index == 0 { "" } else { "," };
            // Writing to a text does not fail.
            let _ = write!(list, "{comma}{}", run.0);
        }
        list + "]"
    }

    fn status(&self, run: i64, stored: i64) -> RunStatus {
        match Status::of_number(stored) {
            Some(Status::Parked) => RunStatus::Waiting,
            Some(Status::Completed) => RunStatus::Completed,
            Some(Status::Failed) => RunStatus::Failed,
            Some(Status::Cancelled) => RunStatus::Cancelled,
            Some(Status::Open) | None if self.0.contains(&RunKey(run)) => RunStatus::Waiting,
            Some(Status::Open) | None => RunStatus::Open,
        }
    }

    /// The condition that a run whose status is stored as this has one of these; `None` if none can have.
    fn condition(&self, stored: Status, statuses: &[RunStatus]) -> Option<Sql> {
        let wanted = |status| statuses.is_empty() || statuses.contains(&status);
        let among = |is| {
            let mut sql = Sql::default();
            sql.add(&format!(" AND runs.seq {is} (SELECT value FROM json_each(?))"), [self.list()]);
            sql
        };
        let fits = match stored {
            Status::Parked => wanted(RunStatus::Waiting),
            Status::Completed => wanted(RunStatus::Completed),
            Status::Failed => wanted(RunStatus::Failed),
            Status::Cancelled => wanted(RunStatus::Cancelled),
            Status::Open => match (wanted(RunStatus::Open), wanted(RunStatus::Waiting)) {
                (true, false) => return Some(among("NOT IN")),
                (false, true) => return Some(among("IN")),
                (both, _) => both,
            },
        };
        fits.then(Sql::default)
    }
}

const RUN_COLUMNS: &str =
    "runs.seq, runs.id, coalesce(heirs.id, functions.id), status, events.id, events.name, attempt, created, started, ended,
                           result, replay_of, held";

/// A run with its function, under the id that this has now, and its event.
const RUN_TABLES: &str =
    "runs JOIN functions ON functions.num = function LEFT JOIN functions AS heirs ON heirs.num = functions.heir
                          LEFT JOIN events ON events.seq = runs.event";

fn run_info(row: &Row<'_>, waiting: &Waiting) -> Result<(i64, RunInfo)> {
    let key = row.get(0)?;
    let status = waiting.status(key, row.get(3)?);
    let result: Option<String> = row.get(10)?;
    let (output, error) = match status {
        RunStatus::Completed => (result, None),
        _ => (None, result.map(|json| message(&json))),
    };
    let run = RunInfo {
        id: row.get(1)?,
        function_id: row.get(2)?,
        status,
        event_id: row.get(4)?,
        event_name: row.get(5)?,
        attempt: row.get(6)?,
        created: from_ms(row.get(7)?),
        started: row.get::<_, Option<_>>(8)?.map(from_ms),
        ended: row.get::<_, Option<_>>(9)?.map(from_ms),
        output,
        error,
        replay_of: row.get(11)?,
        held: row.get(12)?,
    };
    Ok((key, run))
}

/// The message of a failure.
fn message(json: &str) -> String {
    serde_json::from_str::<Failure>(json).map_or_else(|_| json.to_owned(), |failure| failure.message)
}

fn runs(
    connection: &Connection,
    filter: &RunFilter,
    key: Option<&Sql>,
    waiting: &Waiting,
) -> Result<Page<RunInfo>> {
    let mut keys = match &filter.event_id {
        Some(event) => of_event(connection, filter, event, key, waiting)?,
        None if filter.functions.is_empty() && filter.statuses.is_empty() => all(connection, filter, key)?,
        None => of_functions(connection, filter, key, waiting)?,
    };
    keys.sort_unstable();
    if filter.order == Order::Newest {
        keys.reverse();
    }
    let limit = filter.page();
    keys.truncate(limit + 1);
    let mut statement =
        connection.prepare(&format!("SELECT {RUN_COLUMNS} FROM {RUN_TABLES} WHERE runs.seq = ?1"))?;
    // One may have been pruned meanwhile.
    let found = keys
        .into_iter()
        .filter_map(|key| statement.query_row([key], |row| run_info(row, waiting)).optional().transpose());
    Ok(Page::new(found.collect::<Result<_>>()?, limit))
}

/// The beginning of a query for the keys of runs. The event is looked up only where something is asked about it.
fn keys_of_runs(filter: &RunFilter, key: Option<&Sql>) -> Sql {
    let events = if filter.event_names.is_empty() && key.is_none() {
        ""
    } else {
        " JOIN events ON events.seq = runs.event"
    };
    Sql::new(format!("SELECT runs.seq FROM runs{events} WHERE 1"))
}

/// Adds the conditions that no index helps with, and the end of the query.
fn finish(sql: &mut Sql, filter: &RunFilter, key: Option<&Sql>) {
    sql.and_after("runs.seq", filter.after.map(Cursor::key), filter.order);
    sql.and_in("events.name", &filter.event_names);
    for period in filter.periods() {
        sql.and_within(period);
    }
    if let Some(key) = key {
        sql.add_all(key);
    }
    sql.order_by("runs.seq", filter.order, filter.page() + 1);
}

/// The first runs, of whatever function and status.
fn all(connection: &Connection, filter: &RunFilter, key: Option<&Sql>) -> Result<Vec<i64>> {
    let mut sql = keys_of_runs(filter, key);
    finish(&mut sql, filter, key);
    sql.query(connection, |row| row.get(0))
}

/// The first runs that an event has started.
fn of_event(
    connection: &Connection,
    filter: &RunFilter,
    event: &str,
    key: Option<&Sql>,
    waiting: &Waiting,
) -> Result<Vec<i64>> {
    let mut keys = Vec::new();
    let functions = functions(connection, &filter.functions)?;
    for stored in Status::ALL {
        let Some(condition) = waiting.condition(stored, &filter.statuses) else { continue };
        let mut sql = keys_of_runs(filter, key);
        sql.add(" AND runs.event IN (SELECT seq FROM events WHERE id = ?)", [event.to_owned()]);
        sql.add(" AND status = ?", [stored as i64]).add_all(&condition);
        if !filter.functions.is_empty() {
            let numbers: Vec<String> = functions.iter().map(ToString::to_string).collect();
            sql.add::<Value>(&format!(" AND function IN ({})", numbers.join(", ")), []);
        }
        finish(&mut sql, filter, key);
        keys.extend(sql.query(connection, |row| row.get::<_, i64>(0))?);
    }
    Ok(keys)
}

/// The first runs of functions, in states, or both: of each function and state some are looked up in an index.
fn of_functions(
    connection: &Connection,
    filter: &RunFilter,
    key: Option<&Sql>,
    waiting: &Waiting,
) -> Result<Vec<i64>> {
    let mut keys = Vec::new();
    let functions = functions(connection, &filter.functions)?;
    for stored in Status::ALL {
        let Some(condition) = waiting.condition(stored, &filter.statuses) else { continue };
        // The indexes hold either what is open or what has ended: which one is known from the text alone.
        let number = stored as i64;
        let side = if stored.is_open() { "< 1" } else { "> 0" };
        for function in &functions {
            let mut sql = keys_of_runs(filter, key);
            sql.add(&format!(" AND function = ? AND status = {number} AND status {side}"), [*function]);
            sql.add_all(&condition);
            finish(&mut sql, filter, key);
            keys.extend(sql.query(connection, |row| row.get::<_, i64>(0))?);
        }
    }
    Ok(keys)
}

/// The numbers of functions, by the ids that they have now; without ids of all.
fn functions(connection: &Connection, ids: &[String]) -> Result<Vec<i64>> {
    let mut sql = Sql::new(
        "SELECT functions.num FROM functions LEFT JOIN functions AS heirs ON heirs.num = functions.heir WHERE 1",
    );
    sql.and_in("coalesce(heirs.id, functions.id)", ids);
    sql.query(connection, |row| row.get(0))
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

fn details(connection: &Connection, id: &str, waiting: &Waiting) -> Result<Option<RunDetails>> {
    let sql = format!("SELECT {RUN_COLUMNS} FROM {RUN_TABLES} WHERE runs.id = ?1");
    let found = connection.query_row(&sql, [id], |row| run_info(row, waiting)).optional()?;
    let Some((key, run)) = found else { return Ok(None) };
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

fn events(connection: &Connection, filter: &EventFilter, key: Option<&Sql>) -> Result<Page<EventInfo>> {
    let mut sql = Sql::new("SELECT seq, id, name, data, ts, received, cause, meta FROM events WHERE 1");
    if let Some(id) = &filter.id {
        sql.add(" AND id = ?", [id.clone()]);
    }
    if let Some(domain) = &filter.domain {
        // What follows the slash in the alphabet ends it.
        sql.add(" AND name >= ? AND name < ?", [format!("{domain}/"), format!("{domain}0")]);
    }
    sql.and_in("name", &filter.names).and_within(filter.period());
    if let Some(key) = key {
        sql.add_all(key);
    }
    sql.and_after("seq", filter.after.map(Cursor::key), filter.order);
    let limit = filter.page();
    sql.order_by("seq", filter.order, limit + 1);
    let found = sql.query(connection, |row| {
        let event = EventInfo {
            id: row.get(1)?,
            name: row.get(2)?,
            data: RawValue::from_string(row.get(3)?).unwrap_or_default(),
            ts: from_ms(row.get(4)?),
            received: from_ms(row.get(5)?),
            cause: row.get::<_, Option<String>>(6)?.and_then(|json| serde_json::from_str(&json).ok()),
            meta: row.get::<_, Option<String>>(7)?.and_then(|json| RawValue::from_string(json).ok()),
        };
        Ok((row.get(0)?, event))
    })?;
    Ok(Page::new(found, limit))
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
