//! What the engine reads.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension, Row};
use serde_json::value::RawValue;

use crate::engine::run::{Memo, Pending};
use crate::engine::store::{
    EventKey, FlowRow, FunctionIndex, OpenRun, Opening, Parent, Result, RunKey, RunRow, Status, StoreError,
    StoredRun, WaitKey, WaitRow,
};
use crate::envelope::RawEnvelope;
use crate::function::{Failure, Outcome, StepKind};

type Indexes = HashMap<i64, FunctionIndex>;

/// What stands in the file and cannot be.
fn damaged(what: &str, problem: impl std::fmt::Display) -> StoreError {
    format!("the database is damaged: {what}: {problem}").into()
}

fn raw(json: String) -> Result<Box<RawValue>> {
    RawValue::from_string(json).map_err(|error| damaged("an event", error))
}

fn first_slot(row: &Row<'_>, column: usize) -> rusqlite::Result<[u64; 2]> {
    let slot = |column| row.get::<_, Option<i64>>(column).map(|slot| slot.map_or(0, i64::cast_unsigned));
    Ok([slot(column)?, slot(column + 1)?])
}

pub(super) fn opening(connection: &Connection, indexes: &Indexes) -> Result<Opening> {
    let greatest = |table: &str| {
        let sql = format!("SELECT coalesce(max(seq), 0) FROM {table}");
        connection.query_row(&sql, [], |row| row.get(0))
    };
    let (open, runs) = open_runs(connection, indexes)?;
    Ok(Opening {
        last_event: greatest("events")?,
        last_run: greatest("runs")?,
        open,
        runs,
        due: due(connection)?,
        waits: waits(connection, None)?,
        flows: flows(connection, indexes)?,
    })
}

/// How many runs have not ended, and those of them that may start or have a deadline, in their order. A run whose function
/// is not in the application is left as it is.
fn open_runs(connection: &Connection, indexes: &Indexes) -> Result<(usize, Vec<OpenRun>)> {
    let mut statement = connection.prepare(
        "SELECT seq, function, status, due, place, slot_1, slot_2, deadline FROM runs WHERE status < 1 ORDER BY seq",
    )?;
    let mut rows = statement.query([])?;
    let (mut open, mut runs, mut orphans) = (0, Vec::new(), 0_u64);
    while let Some(row) = rows.next()? {
        let Some(&function) = indexes.get(&row.get(1)?) else {
            orphans += 1;
            continue;
        };
        open += 1;
        let (parked, deadline): (_, Option<i64>) =
            (row.get::<_, i64>(2)? == Status::Parked as i64, row.get(7)?);
        if parked && deadline.is_none() {
            continue;
        }
        runs.push(OpenRun {
            key: row.get(0)?,
            function,
            parked,
            due: row.get(3)?,
            order: row.get(4)?,
            slots: first_slot(row, 5)?,
            deadline,
        });
    }
    if orphans > 0 {
        tracing::warn!(
            orphans,
            "runs of functions that the application does not list stay in the database until these are listed again"
        );
    }
    Ok((open, runs))
}

fn due(connection: &Connection) -> Result<Vec<(i64, RunKey)>> {
    let mut statement =
        connection.prepare("SELECT due, run FROM steps WHERE ord IS NULL ORDER BY due, run")?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Texts of which each is kept once.
#[derive(Default)]
struct Texts {
    all: HashSet<Arc<str>>,
    last: Option<Arc<str>>,
}

impl Texts {
    fn share(&mut self, text: &str) -> Arc<str> {
        if let Some(last) = self.last.as_ref().filter(|last| ***last == *text) {
            return Arc::clone(last);
        }
        let shared = self.all.get(text).map_or_else(|| text.into(), Arc::clone);
        self.all.insert(Arc::clone(&shared));
        self.last = Some(Arc::clone(&shared));
        shared
    }
}

/// The waits of a run, or of all.
pub(super) fn waits(connection: &Connection, run: Option<RunKey>) -> Result<Vec<WaitRow>> {
    let sql = match run {
        Some(_) => "SELECT run, slot, event, field, value FROM waits WHERE run = ?1",
        None => "SELECT run, slot, event, field, value FROM waits WHERE ?1 IS NULL",
    };
    // Few names and fields, many waits: each text is kept once.
    let (mut events, mut fields) = (Texts::default(), Texts::default());
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query([run])?;
    let mut waits = Vec::new();
    while let Some(row) = rows.next()? {
        let key = WaitKey { run: row.get(0)?, slot: row.get::<_, i64>(1)?.cast_unsigned() };
        let event = events.share(row.get_ref(2)?.as_str().map_err(|error| damaged("a wait", error))?);
        let field = match row.get_ref(3)?.as_str_or_null().map_err(|error| damaged("a wait", error))? {
            Some(field) => Some((fields.share(field), row.get::<_, i64>(4)?.cast_unsigned())),
            None => None,
        };
        waits.push(WaitRow { key, event, field });
    }
    Ok(waits)
}

fn flows(connection: &Connection, indexes: &Indexes) -> Result<Vec<FlowRow>> {
    let mut statement = connection.prepare("SELECT function, key, state FROM flows")?;
    let mut rows = statement.query([])?;
    let mut flows = Vec::new();
    while let Some(row) = rows.next()? {
        let Some(&function) = indexes.get(&row.get(0)?) else { continue };
        let state = row.get::<_, String>(2)?;
        let state = serde_json::from_str(&state).map_err(|error| damaged("flow control", error))?;
        flows.push(FlowRow { function, key: row.get::<_, String>(1)?.into(), state });
    }
    Ok(flows)
}

pub(super) fn event(connection: &Connection, key: EventKey) -> Result<Option<RawEnvelope>> {
    let mut statement =
        connection.prepare_cached("SELECT id, name, data, ts, v, user, trace FROM events WHERE seq = ?1")?;
    let mut rows = statement.query([key])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    Ok(Some(RawEnvelope {
        id: row.get(0)?,
        name: row.get(1)?,
        data: raw(row.get(2)?)?,
        ts: row.get(3)?,
        v: row.get(4)?,
        user: row.get::<_, Option<String>>(5)?.map(raw).transpose()?,
        traceparent: row.get::<_, Option<String>>(6)?.map(String::into_boxed_str),
    }))
}

pub(super) fn find_run(connection: &Connection, id: &str) -> Result<Option<(RunKey, Status)>> {
    let mut statement = connection.prepare_cached("SELECT seq, status FROM runs WHERE id = ?1")?;
    let found: Option<(RunKey, i64)> =
        statement.query_row([id], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    found
        .map(|(key, status)| {
            let status = Status::of_number(status).ok_or_else(|| damaged("a run", "its status"))?;
            Ok((key, status))
        })
        .transpose()
}

pub(super) fn events_of(
    connection: &Connection,
    run: RunKey,
    indexes: &Indexes,
) -> Result<Option<(FunctionIndex, Vec<EventKey>)>> {
    let mut statement = connection.prepare_cached("SELECT function, event FROM runs WHERE seq = ?1")?;
    let found: Option<(i64, EventKey)> =
        statement.query_row([run], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    let Some((number, event)) = found else { return Ok(None) };
    let Some(&function) = indexes.get(&number) else { return Ok(None) };
    Ok(Some((function, event_keys(connection, run, event)?)))
}

/// The events of a run: one, unless they are a batch.
fn event_keys(connection: &Connection, run: RunKey, first: EventKey) -> Result<Vec<EventKey>> {
    let mut statement =
        connection.prepare_cached("SELECT event FROM batches WHERE run = ?1 ORDER BY place")?;
    let keys: Vec<EventKey> =
        statement.query_map([run], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    Ok(if keys.is_empty() { vec![first] } else { keys })
}

pub(super) fn run(connection: &Connection, key: RunKey, indexes: &Indexes) -> Result<Option<StoredRun>> {
    let mut statement = connection.prepare_cached(
        "SELECT id, function, event, status, attempt, created, due, place, slot_1, slot_2, started, deadline,
                recoveries, parent, parent_step, replay_of
         FROM runs WHERE seq = ?1 AND status < 1",
    )?;
    let mut rows = statement.query([key])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    let Some(&function) = indexes.get(&row.get(1)?) else { return Ok(None) };
    let keys = event_keys(connection, key, row.get(2)?)?;
    let mut events = Vec::with_capacity(keys.len());
    for key in &keys {
        let event = event(connection, *key)?.ok_or_else(|| damaged("a run", "its event is not there"))?;
        events.push(Arc::new(event));
    }
    let parent = match (row.get::<_, Option<RunKey>>(13)?, row.get::<_, Option<String>>(14)?) {
        (Some(run), Some(step)) => Some(Parent { run, step: step.into() }),
        _ => None,
    };
    let stored_row = RunRow {
        key,
        id: row.get::<_, String>(0)?.into(),
        function,
        events: keys,
        created: row.get(5)?,
        due: row.get(6)?,
        order: row.get(7)?,
        slots: first_slot(row, 8)?,
        parent,
        deadline: row.get(11)?,
        replay_of: row.get::<_, Option<String>>(15)?.map(Into::into),
    };
    let (memos, pending) = steps(connection, key)?;
    Ok(Some(StoredRun {
        row: stored_row,
        status: Status::of_number(row.get(3)?).ok_or_else(|| damaged("a run", "its status"))?,
        attempt: row.get(4)?,
        started: row.get(10)?,
        recoveries: row.get(12)?,
        events,
        memos,
        pending,
    }))
}

/// The steps of a run: those with a result in their order, and those without.
fn steps(connection: &Connection, run: RunKey) -> Result<(Vec<Memo>, Vec<Pending>)> {
    let mut statement = connection.prepare_cached(
        "SELECT key, kind, ord, attempts, due, wait_event, wait_if, value, error FROM steps WHERE run = ?1",
    )?;
    let mut rows = statement.query([run])?;
    let (mut memos, mut pending) = (Vec::new(), Vec::new());
    while let Some(row) = rows.next()? {
        let key: Arc<str> = row.get::<_, String>(0)?.into();
        let kind = StepKind::of_number(row.get(1)?).ok_or_else(|| damaged("a step", "its kind"))?;
        if let Some(ord) = row.get(2)? {
            memos.push(Memo { key, kind, ord, outcome: outcome(row.get(7)?, row.get(8)?)? });
            continue;
        }
        let event: Option<String> = row.get(5)?;
        let condition: Option<String> = row.get(6)?;
        pending.push(Pending {
            key,
            kind,
            attempts: row.get(3)?,
            due: row.get::<_, Option<i64>>(4)?.unwrap_or_default(),
            wait: event.map(|event| (event.into(), condition.map(Into::into))),
        });
    }
    memos.sort_by_key(|memo| memo.ord);
    Ok((memos, pending))
}

fn outcome(value: Option<String>, error: Option<String>) -> Result<Outcome> {
    match (value, error) {
        (_, Some(error)) => {
            let failure: Failure = serde_json::from_str(&error).map_err(|error| damaged("a step", error))?;
            Ok(Outcome::Failed(failure))
        }
        (Some(value), None) => Ok(Outcome::Value(value.into())),
        (None, None) => Err(damaged("a step", "it has neither a value nor an error")),
    }
}
