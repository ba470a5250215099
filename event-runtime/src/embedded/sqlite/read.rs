//! What the engine reads.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use rusqlite::types::FromSql;
use rusqlite::{Connection, OptionalExtension, Row};
use serde_json::value::RawValue;

use super::functions::Functions;
use super::key::from_bytes;
use crate::engine::model::{
    Cancellation, CronRow, EventKey, FlowRow, FunctionIndex, Memo, OpenRun, Opening, Orphan, Parent, Pending,
    RunEnd, RunKey, RunRow, SignalState, Slots, Status, StoredEvent, WaitField, WaitKey, WaitRow, WaitSpec,
    WakeRow,
};
use crate::engine::state::flow_control::FlowState;
use crate::engine::state::runs::Run;
use crate::engine::store::{Result, StoreError};
use crate::event::{Cause, RawEnvelope};
use crate::function::{Failure, Outcome, StepKind};

/// What stands in the file and cannot be.
fn damaged(what: &str, problem: impl std::fmt::Display) -> StoreError {
    format!("the database is damaged: {what}: {problem}").into()
}

fn raw(json: String) -> Result<Box<RawValue>> {
    RawValue::from_string(json).map_err(|error| damaged("an event", error))
}

/// The slots of a run, in three columns from this one on, and before them which limits they belong to.
fn slots(row: &Row<'_>, column: usize) -> rusqlite::Result<(Option<u64>, Slots)> {
    let hash = |column| row.get::<_, Option<i64>>(column).map(|hash| hash.map(i64::cast_unsigned));
    let slot = |column| hash(column).map(Option::unwrap_or_default);
    Ok((hash(column)?, [slot(column + 1)?, slot(column + 2)?, slot(column + 3)?]))
}

/// How a run ends that is being undone.
fn undoing_end(json: &str) -> Result<RunEnd> {
    let (status, failure): (i64, Option<Failure>) =
        serde_json::from_str(json).map_err(|error| damaged("a run", error))?;
    match (Status::of_number(status), failure) {
        (Some(Status::Failed), Some(failure)) => Ok(RunEnd::Failed(failure)),
        (Some(Status::Cancelled), Some(failure)) => Ok(RunEnd::Cancelled(failure)),
        _ => Err(damaged("a run", "its end")),
    }
}

/// What has become of a signal.
pub(super) fn signal(connection: &Connection, run: RunKey, slot: u64) -> Result<Option<SignalState>> {
    let sql = "SELECT state, value FROM signals WHERE run = ?1 AND slot = ?2";
    let mut statement = connection.prepare_cached(sql)?;
    let row =
        statement.query_row((run, slot.cast_signed()), |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    let Some((state, value)): Option<(i64, Option<String>)> = row else { return Ok(None) };
    match (state, value) {
        (0, Some(json)) => Ok(Some(SignalState::Given(json.into()))),
        (1, None) => Ok(Some(SignalState::Used)),
        (2, None) => Ok(Some(SignalState::Expired)),
        _ => Err(damaged("a signal", "its state")),
    }
}

pub(super) fn opening(
    connection: &Connection,
    functions: &Functions,
    was_closed: bool,
    crons: Vec<CronRow>,
) -> Result<Opening> {
    let Open { count, runs, singletons, orphans } = open_runs(connection, functions)?;
    let (flows, held_back) = flows(connection, functions)?;
    Ok(Opening {
        was_closed,
        last_event: greatest(connection, "events")?,
        last_run: greatest(connection, "runs")?,
        last_created: last_created(connection)?,
        open: count,
        runs,
        singletons,
        due: due(connection, &orphans)?,
        waits: waits(connection, None)?,
        wakes: wakes(connection)?,
        flows,
        crons,
        paused: paused(connection, functions)?,
        held_back,
    })
}

/// The functions of the application that are paused, under whatever name that was.
fn paused(connection: &Connection, functions: &Functions) -> Result<Vec<FunctionIndex>> {
    let mut statement = connection.prepare("SELECT num FROM functions WHERE paused IS NOT NULL")?;
    let numbers = statement.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<Vec<i64>>>()?;
    Ok(numbers.into_iter().filter_map(|number| functions.index(number)).collect())
}

/// The last key of a table.
fn greatest<K: FromSql>(connection: &Connection, table: &str) -> Result<K> {
    let sql = format!("SELECT coalesce(max(seq), 0) FROM {table}");
    Ok(connection.query_row(&sql, [], |row| row.get(0))?)
}

/// When the last run was created.
fn last_created(connection: &Connection) -> Result<i64> {
    let sql = "SELECT created FROM runs ORDER BY seq DESC LIMIT 1";
    Ok(connection.query_row(sql, [], |row| row.get(0)).optional()?.unwrap_or(i64::MIN))
}

/// The runs that have not ended.
#[derive(Default)]
struct Open {
    count: usize,
    /// Runs that may start or have a deadline.
    runs: Vec<OpenRun>,
    singletons: Vec<(FunctionIndex, Arc<str>, RunKey)>,
    /// Those of functions that are not in the application.
    orphans: HashSet<RunKey>,
}

/// The runs that have not ended. One whose function is not in the application is left as it is.
fn open_runs(connection: &Connection, functions: &Functions) -> Result<Open> {
    let mut statement = connection.prepare(
        "SELECT seq, function, status, due, place, slots_of, slot_1, slot_2, slot_3, deadline, singleton
         FROM runs WHERE status < 1",
    )?;
    let mut rows = statement.query([])?;
    let (mut open, mut orphans) = (Open::default(), BTreeMap::<i64, u64>::new());
    while let Some(row) = rows.next()? {
        let (key, number) = (row.get(0)?, row.get(1)?);
        let Some(function) = functions.index(number) else {
            open.orphans.insert(key);
            *orphans.entry(number).or_default() += 1;
            continue;
        };
        open.count += 1;
        if let Some(singleton) = row.get_ref(10)?.as_str_or_null().map_err(|error| damaged("a run", error))? {
            open.singletons.push((function, singleton.into(), key));
        }
        let (parked, deadline): (_, Option<i64>) =
            (row.get::<_, i64>(2)? == Status::Parked as i64, row.get(9)?);
        if parked && deadline.is_none() {
            continue;
        }
        let (slots_of, slots) = slots(row, 5)?;
        let (due, order) = (row.get(3)?, row.get(4)?);
        open.runs.push(OpenRun { key, function, parked, due, order, slots, slots_of, deadline });
    }
    tell_of_orphans(connection, &orphans)?;
    Ok(open)
}

/// Says which functions are missing, and how many of their runs have not ended.
fn tell_of_orphans(connection: &Connection, orphans: &BTreeMap<i64, u64>) -> Result<()> {
    for (number, runs) in orphans {
        let sql = "SELECT id FROM functions WHERE num = ?1";
        let function: String = connection.query_row(sql, [number], |row| row.get(0))?;
        tracing::warn!(
            function,
            runs,
            "the application does not list this function: its open runs wait until it is listed again, is taken over by \
             `#[function(was = \"{function}\")]`, or they are cancelled"
        );
    }
    Ok(())
}

fn due(connection: &Connection, orphans: &HashSet<RunKey>) -> Result<Vec<(i64, RunKey)>> {
    let mut statement = connection.prepare(
        "SELECT due, run FROM steps WHERE ord IS NULL AND due < 9223372036854775807 ORDER BY due, run",
    )?;
    let mut rows = statement.query([])?;
    let mut due = Vec::new();
    while let Some(row) = rows.next()? {
        let run = row.get(1)?;
        if !orphans.contains(&run) {
            due.push((row.get(0)?, run));
        }
    }
    Ok(due)
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
            Some(path) => {
                Some(WaitField { path: fields.share(path), value: row.get::<_, i64>(4)?.cast_unsigned() })
            }
            None => None,
        };
        waits.push(WaitRow { key, event, field });
    }
    Ok(waits)
}

/// The events that have not reached everybody.
fn wakes(connection: &Connection) -> Result<Vec<WakeRow>> {
    let mut statement = connection.prepare("SELECT event, part, waits FROM wakes ORDER BY event, part")?;
    let mut rows = statement.query([])?;
    let mut wakes = Vec::new();
    while let Some(row) = rows.next()? {
        let bytes = row.get_ref(2)?.as_blob().map_err(|error| damaged("an event on its way", error))?;
        let waits = from_bytes(bytes).ok_or_else(|| damaged("an event on its way", "its waits are torn"))?;
        wakes.push(WakeRow { event: row.get(0)?, part: row.get(1)?, waits });
    }
    Ok(wakes)
}

/// What flow control remembers, and the events that it holds back for functions that are not in the application.
fn flows(connection: &Connection, functions: &Functions) -> Result<(Vec<FlowRow>, Vec<EventKey>)> {
    let mut statement = connection.prepare("SELECT function, key, state FROM flows WHERE kind <> 0")?;
    let mut rows = statement.query([])?;
    let (mut flows, mut held_back) = (Vec::new(), Vec::new());
    while let Some(row) = rows.next()? {
        let state = row.get::<_, String>(2)?;
        let state: FlowState =
            serde_json::from_str(&state).map_err(|error| damaged("flow control", error))?;
        match functions.index(row.get(0)?) {
            Some(function) => flows.push(FlowRow { function, value: row.get::<_, String>(1)?.into(), state }),
            None => held_back.extend_from_slice(state.events()),
        }
    }
    Ok((flows, held_back))
}

/// The step that waits for a run.
pub(super) fn parent(connection: &Connection, run: RunKey) -> Result<Option<Parent>> {
    let mut statement = connection.prepare_cached("SELECT parent, parent_step FROM runs WHERE seq = ?1")?;
    let parent = statement.query_row([run], |row| {
        let (run, step): (Option<RunKey>, Option<String>) = (row.get(0)?, row.get(1)?);
        Ok(run.zip(step))
    })?;
    Ok(parent.map(|(run, step)| Parent { run, step: step.into() }))
}

/// The terms of a cancellation, unless only the index of its option is known.
pub(super) fn cancellation(connection: &Connection, wait: WaitKey) -> Result<Option<Cancellation>> {
    let sql = "SELECT condition, until FROM waits WHERE run = ?1 AND slot = ?2 AND cancels = 1";
    let terms = connection.prepare_cached(sql)?.query_row((wait.run, wait.slot.cast_signed()), |row| {
        Ok(Cancellation { condition: row.get::<_, Option<String>>(0)?.map(Into::into), until: row.get(1)? })
    });
    Ok(terms.optional()?)
}

pub(super) fn event(connection: &Connection, key: EventKey) -> Result<Option<StoredEvent>> {
    let sql = "SELECT id, name, data, ts, v, user, trace, received, cause, meta FROM events WHERE seq = ?1";
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query([key])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    let event = RawEnvelope {
        id: row.get(0)?,
        name: row.get(1)?,
        data: raw(row.get(2)?)?,
        ts: row.get(3)?,
        v: row.get(4)?,
        user: row.get::<_, Option<String>>(5)?.map(raw).transpose()?,
        traceparent: row.get::<_, Option<String>>(6)?.map(String::into_boxed_str),
        cause: cause(row.get(8)?)?,
        meta: row.get::<_, Option<String>>(9)?.map(raw).transpose()?,
    };
    Ok(Some(StoredEvent { key, event: Arc::new(event), received: row.get(7)? }))
}

/// What has caused an event, as it is stored.
pub(super) fn cause(json: Option<String>) -> Result<Option<Box<Cause>>> {
    let cause = json.map(|json| serde_json::from_str(&json)).transpose();
    cause.map_err(|_| damaged("an event", "its cause"))
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

/// The id of the first run of a function, by the numbers that it has, that an event has started.
pub(super) fn find_run_of(
    connection: &Connection,
    event: EventKey,
    function: &[i64],
) -> Result<Option<Arc<str>>> {
    let mut statement = connection.prepare_cached(
        "SELECT function, id FROM runs WHERE event = ?1 OR seq IN (SELECT run FROM batches WHERE event = ?1) ORDER BY seq",
    )?;
    let mut rows = statement.query([event])?;
    while let Some(row) = rows.next()? {
        if function.contains(&row.get(0)?) {
            return Ok(Some(row.get::<_, String>(1)?.into()));
        }
    }
    Ok(None)
}

pub(super) fn events_of(
    connection: &Connection,
    run: RunKey,
    functions: &Functions,
) -> Result<Option<(FunctionIndex, Vec<EventKey>)>> {
    let mut statement = connection.prepare_cached("SELECT function, event FROM runs WHERE seq = ?1")?;
    let found: Option<(i64, EventKey)> =
        statement.query_row([run], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    let Some((number, event)) = found else { return Ok(None) };
    let Some(function) = functions.index(number) else { return Ok(None) };
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

pub(super) fn run(connection: &Connection, key: RunKey, functions: &Functions) -> Result<Option<Run>> {
    let mut statement = connection.prepare_cached(
        "SELECT id, function, event, status, attempt, created, due, place, started, deadline, recoveries, parent,
                parent_step, replay_of, singleton, slots_of, slot_1, slot_2, slot_3, undoing
         FROM runs WHERE seq = ?1 AND status < 1",
    )?;
    let mut rows = statement.query([key])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    let Some(function) = functions.index(row.get(1)?) else { return Ok(None) };
    let keys = event_keys(connection, key, row.get(2)?)?;
    let mut events = Vec::with_capacity(keys.len());
    for key in &keys {
        let event = event(connection, *key)?.ok_or_else(|| damaged("a run", "its event is not there"))?;
        events.push(event.event);
    }
    let parent = match (row.get::<_, Option<RunKey>>(11)?, row.get::<_, Option<String>>(12)?) {
        (Some(run), Some(step)) => Some(Parent { run, step: step.into() }),
        _ => None,
    };
    let (slots_of, slots) = slots(row, 15)?;
    let stored_row = RunRow {
        key,
        id: row.get::<_, String>(0)?.into(),
        function,
        events: keys,
        created: row.get(5)?,
        due: row.get(6)?,
        order: row.get(7)?,
        slots,
        slots_of,
        singleton: row.get::<_, Option<String>>(14)?.map(Into::into),
        parent,
        deadline: row.get(9)?,
        replay_of: row.get::<_, Option<String>>(13)?.map(Into::into),
    };
    let status = Status::of_number(row.get(3)?).ok_or_else(|| damaged("a run", "its status"))?;
    let (memos, pending) = steps(connection, key)?;
    let mut run = Run::new(stored_row, events.into());
    run.attempt = row.get(4)?;
    run.started = row.get(8)?;
    run.start_is_stored = run.started.is_some();
    run.recoveries = row.get(10)?;
    run.parked = status == Status::Parked;
    let undoing: Option<String> = row.get(19)?;
    run.undoing = undoing.map(|end| undoing_end(&end)).transpose()?;
    run.take_up(memos, pending);
    Ok(Some(run))
}

pub(super) fn orphan(connection: &Connection, key: RunKey, functions: &Functions) -> Result<Option<Orphan>> {
    let mut statement = connection
        .prepare_cached("SELECT function, event, created FROM runs WHERE seq = ?1 AND status < 1")?;
    let mut rows = statement.query([key])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    if functions.index(row.get(0)?).is_some() {
        return Ok(None);
    }
    let event = event(connection, row.get(1)?)?.ok_or_else(|| damaged("a run", "its event is not there"))?;
    let (_, pending) = steps(connection, key)?;
    Ok(Some(Orphan { event: event.event, created: row.get(2)?, pending }))
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
            wait: event.map(|event| WaitSpec { event: event.into(), condition: condition.map(Into::into) }),
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
