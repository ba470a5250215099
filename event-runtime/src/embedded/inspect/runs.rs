//! Runs, their steps and their failed attempts.

use std::time::SystemTime;

use rusqlite::types::Value;
use rusqlite::{Connection, Error, OptionalExtension, Result, Row};

use super::Events;
use super::events::event_of_key;
use super::sql::{Sql, look_up_to};
use super::waiting::Waiting;
use crate::clock::from_ms;
use crate::engine::model::{RunEnd, Status};
use crate::event::EventDescriptor;
use crate::function::{Failure, StepKind};
use crate::inspect::{
    Cursor, FailedAttempt, Order, Orphans, Page, RunDetails, RunFilter, RunInfo, RunLink, RunStatus, StepInfo,
};

const RUN_COLUMNS: &str =
    "runs.seq, runs.id, coalesce(heirs.id, functions.id), status, events.id, events.name, attempt, created, started, ended,
                           result, replay_of, held, events.data";

/// A run with its function, under the id that this has now, and its event.
const RUN_TABLES: &str =
    "runs JOIN functions ON functions.num = function LEFT JOIN functions AS heirs ON heirs.num = functions.heir
                          LEFT JOIN events ON events.seq = runs.event";

/// The state in memory that a query needs besides the database.
#[derive(Clone, Copy)]
pub(super) struct Known<'a> {
    pub(super) waiting: &'a Waiting,
    pub(super) events: Events<'a>,
}

fn run_info(row: &Row<'_>, Known { waiting, events }: Known<'_>) -> Result<(i64, RunInfo)> {
    let key = row.get(0)?;
    let status = waiting.status(key, row, 3)?;
    let result: Option<String> = row.get(10)?;
    let (output, error) = match status {
        RunStatus::Completed => (result, None),
        _ => (None, result.map(|json| message(&json))),
    };
    let event_name: Option<String> = row.get(5)?;
    let event = event_name.as_deref().and_then(|name| events.iter().find(|event| event.name == name));
    let run = RunInfo {
        id: row.get(1)?,
        function_id: row.get(2)?,
        status,
        event_id: row.get(4)?,
        key: event.map(|event| event_key(event, row)).transpose()?.flatten(),
        event_name,
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

/// The key of the event that started a run, unless it is sensitive.
fn event_key(event: &EventDescriptor, row: &Row<'_>) -> Result<Option<String>> {
    if event.key.is_empty() {
        return Ok(None);
    }
    let data: String = row.get(13)?;
    let Ok(data) = serde_json::from_str::<serde_json::Value>(&data) else { return Ok(None) };
    let part = |field: &&str| match data.get(*field)? {
        serde_json::Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    };
    let parts: Option<Vec<String>> = event.key.iter().map(part).collect();
    Ok(parts.map(|parts| parts.join(", ")))
}

fn kind(row: &Row<'_>, column: usize) -> Result<StepKind> {
    let stored = row.get(column)?;
    StepKind::of_number(stored).ok_or(Error::IntegralValueOutOfRange(column, stored))
}

/// The message of a failure.
fn message(json: &str) -> String {
    serde_json::from_str::<Failure>(json).map_or_else(|_| json.to_owned(), |failure| failure.message)
}

/// Finds a page of runs.
pub(super) fn runs(
    connection: &Connection,
    filter: &RunFilter,
    key: Option<&Sql>,
    known: Known<'_>,
) -> Result<Page<RunInfo>> {
    let end =
        look_up_to(connection, "runs", (filter.after.map(Cursor::key), filter.order), budget(filter, key))?;
    let (keys, limit) = (keys(connection, Conditions { filter, key, end }, known.waiting)?, filter.page());
    let mut statement =
        connection.prepare(&format!("SELECT {RUN_COLUMNS} FROM {RUN_TABLES} WHERE runs.seq = ?1"))?;
    // One may have been pruned meanwhile.
    let found = keys
        .into_iter()
        .filter_map(|key| statement.query_row([key], |row| run_info(row, known)).optional().transpose());
    Ok(Page::new(found.collect::<Result<_>>()?, limit, end))
}

/// The keys of the runs on a page, in its order, and of one more if there are more.
pub(super) fn first_keys(
    connection: &Connection,
    filter: &RunFilter,
    key: Option<&Sql>,
    waiting: &Waiting,
) -> Result<Vec<i64>> {
    keys(connection, Conditions { filter, key, end: None }, waiting)
}

fn keys(connection: &Connection, conditions: Conditions<'_>, waiting: &Waiting) -> Result<Vec<i64>> {
    let filter = conditions.filter;
    let mut keys = match &filter.event_id {
        Some(event) => of_event(connection, conditions, event, waiting)?,
        None if filter.functions.is_empty() && filter.statuses.is_empty() => all(connection, conditions)?,
        None => of_functions(connection, conditions, waiting)?,
    };
    keys.sort_unstable();
    if filter.order == Order::Newest {
        keys.reverse();
    }
    keys.truncate(filter.page() + 1);
    Ok(keys)
}

/// The conditions on runs: the filter, its key in SQL, and the last run that is looked at.
#[derive(Clone, Copy)]
struct Conditions<'a> {
    filter: &'a RunFilter,
    key: Option<&'a Sql>,
    end: Option<i64>,
}

/// How many runs are looked at: any number, where every condition is looked up in an index.
fn budget(filter: &RunFilter, key: Option<&Sql>) -> Option<usize> {
    let in_order = filter.periods().iter().all(|period| period.from.is_none() && period.to.is_none());
    let is_looked_up = key.is_none() && filter.event_names.is_empty() && filter.text.is_none() && in_order;
    if is_looked_up { None } else { filter.budget() }
}

/// The beginning of a query for the keys of runs. The event is looked up only where something is asked about it.
fn keys_of_runs(Conditions { filter, key, .. }: Conditions<'_>) -> Sql {
    let events = if filter.event_names.is_empty() && key.is_none() && filter.text.is_none() {
        ""
    } else {
        " LEFT JOIN events ON events.seq = runs.event"
    };
    Sql::new(format!("SELECT runs.seq FROM runs{events} WHERE 1"))
}

/// Adds the conditions that no index helps with, and the end of the query.
fn finish(sql: &mut Sql, Conditions { filter, key, end }: Conditions<'_>) {
    sql.and_after("runs.seq", filter.after.map(Cursor::key), filter.order);
    sql.and_up_to("runs.seq", end, filter.order);
    sql.and_in("events.name", &filter.event_names);
    for period in filter.periods() {
        sql.and_within(period);
    }
    if let Some(key) = key {
        sql.add_all(key);
    }
    if let Some(text) = &filter.text {
        let text = text.to_lowercase();
        sql.add(
            " AND (instr(lower(runs.id), ?) OR instr(lower(events.id), ?) OR status > 1 AND instr(lower(result), ?))",
            [text.clone(), text.clone(), text],
        );
    }
    sql.order_by("runs.seq", filter.order, filter.page() + 1);
}

/// The first runs, of whatever function and status.
fn all(connection: &Connection, conditions: Conditions<'_>) -> Result<Vec<i64>> {
    let mut sql = keys_of_runs(conditions);
    finish(&mut sql, conditions);
    sql.query(connection, |row| row.get(0))
}

/// The first runs that an event has started.
fn of_event(
    connection: &Connection,
    conditions: Conditions<'_>,
    event: &str,
    waiting: &Waiting,
) -> Result<Vec<i64>> {
    let (filter, mut keys) = (conditions.filter, Vec::new());
    let functions = functions(connection, &filter.functions)?;
    for stored in Status::ALL {
        let Some(condition) = waiting.condition(stored, &filter.statuses) else { continue };
        let mut sql = keys_of_runs(conditions);
        sql.add(" AND runs.event IN (SELECT seq FROM events WHERE id = ?)", [event.to_owned()]);
        sql.add(" AND status = ?", [stored as i64]).add_all(&condition);
        if !filter.functions.is_empty() {
            let numbers: Vec<String> = functions.iter().map(ToString::to_string).collect();
            sql.add::<Value>(&format!(" AND function IN ({})", numbers.join(", ")), []);
        }
        finish(&mut sql, conditions);
        keys.extend(sql.query(connection, |row| row.get::<_, i64>(0))?);
    }
    Ok(keys)
}

/// The first runs of functions, in states, or both: of each function and state some are looked up in an index.
fn of_functions(connection: &Connection, conditions: Conditions<'_>, waiting: &Waiting) -> Result<Vec<i64>> {
    let (filter, mut keys) = (conditions.filter, Vec::new());
    let functions = functions(connection, &filter.functions)?;
    for stored in Status::ALL {
        let Some(condition) = waiting.condition(stored, &filter.statuses) else { continue };
        // The indexes hold either what is open or what has ended: which one is known from the text alone.
        let number = stored as i64;
        let side = if stored.is_open() { "< 1" } else { "> 0" };
        for function in &functions {
            let mut sql = keys_of_runs(conditions);
            sql.add(&format!(" AND function = ? AND status = {number} AND status {side}"), [*function]);
            sql.add_all(&condition);
            finish(&mut sql, conditions);
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
pub(super) fn open_runs(connection: &Connection) -> Result<Vec<Orphans>> {
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

/// A page of the runs that an event has started, also as one of a batch: the newest first.
pub(super) fn runs_of_event(connection: &Connection, event: i64, known: Known<'_>) -> Result<Vec<RunInfo>> {
    let mut statement = connection.prepare(&format!(
        "SELECT {RUN_COLUMNS} FROM {RUN_TABLES} WHERE runs.seq IN
             (SELECT seq FROM runs WHERE event = ?1 UNION SELECT run FROM batches WHERE event = ?1)
         ORDER BY runs.seq DESC LIMIT 100",
    ))?;
    let rows = statement.query_map([event], |row| Ok(run_info(row, known)?.1))?;
    rows.collect()
}

/// How a run stands: whose it is, how it has ended, and why this build cannot take it up.
pub(in crate::embedded) struct Standing {
    pub(in crate::embedded) function_id: String,
    pub(in crate::embedded) end: Option<RunEnd>,
    pub(in crate::embedded) held: Option<String>,
}

/// Finds out how a run stands.
pub(super) fn standing(connection: &Connection, id: &str) -> Result<Option<Standing>> {
    let sql = format!(
        "SELECT coalesce(heirs.id, functions.id), status, result, held FROM {RUN_TABLES} WHERE runs.id = ?1"
    );
    let found = connection.query_row(&sql, [id], |row| {
        let (number, result): (_, Option<String>) = (row.get(1)?, row.get(2)?);
        let status = Status::of_number(number).ok_or(Error::IntegralValueOutOfRange(1, number))?;
        let result = result.unwrap_or_default();
        let failure = || serde_json::from_str(&result).unwrap_or_else(|_| Failure::new(result.clone(), 1));
        let end = match status {
            Status::Open | Status::Parked => None,
            Status::Completed => Some(RunEnd::Completed(result.as_str().into())),
            Status::Failed => Some(RunEnd::Failed(failure())),
            Status::Cancelled => Some(RunEnd::Cancelled(failure())),
        };
        Ok(Standing { function_id: row.get(0)?, end, held: row.get(3)? })
    });
    found.optional()
}

/// The functions that are paused, under the ids that they have now, and since when.
pub(in crate::embedded) fn paused_functions(connection: &Connection) -> Result<Vec<(String, SystemTime)>> {
    let mut statement = connection.prepare(
        "SELECT coalesce(heirs.id, functions.id), min(functions.paused)
         FROM functions LEFT JOIN functions AS heirs ON heirs.num = functions.heir
         WHERE functions.paused IS NOT NULL GROUP BY 1 ORDER BY 1",
    )?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, from_ms(row.get(1)?))))?;
    rows.collect()
}

/// Finds a run with its steps and failed attempts.
pub(super) fn details(connection: &Connection, id: &str, known: Known<'_>) -> Result<Option<RunDetails>> {
    let sql = format!("SELECT {RUN_COLUMNS} FROM {RUN_TABLES} WHERE runs.id = ?1");
    let found = connection.query_row(&sql, [id], |row| run_info(row, known)).optional()?;
    let Some((key, run)) = found else { return Ok(None) };
    let more = connection.query_row(
        "SELECT event, due, deadline, parent, parent_step FROM runs WHERE seq = ?1",
        [key],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get::<_, Option<i64>>(3)?, row.get(4)?)),
    )?;
    let (event, due, deadline, parent, step): (i64, i64, Option<i64>, _, Option<String>) = more;
    let links = |condition: &str, step: &str, value: &dyn rusqlite::ToSql| {
        links(connection, (condition, step), value, known.waiting)
    };
    let parent = match parent {
        Some(parent) => links("runs.seq = ?1", "NULL", &parent)?.pop().map(|link| RunLink { step, ..link }),
        None => None,
    };
    let is_open = run.ended.is_none();
    let steps = steps(connection, key, run.started)?;
    let is_due = is_open && (run.started.is_none() || steps.iter().all(|step| step.due.is_none()));
    Ok(Some(RunDetails {
        event: event_of_key(connection, event)?,
        batch: batch(connection, key)?,
        source: None,
        due: Some(from_ms(due)).filter(|_| is_due && run.status == RunStatus::Open),
        deadline: deadline.filter(|_| is_open).map(from_ms),
        parent,
        children: links("runs.parent = ?1", "runs.parent_step", &key)?,
        replays: links("runs.replay_of = ?1", "NULL", &run.id)?,
        failures: failures(connection, key)?,
        steps,
        run,
    }))
}

/// The runs that meet a condition; at most 100.
fn links(
    connection: &Connection,
    (condition, step): (&str, &str),
    value: &dyn rusqlite::ToSql,
    waiting: &Waiting,
) -> Result<Vec<RunLink>> {
    let mut statement = connection.prepare(&format!(
        "SELECT runs.seq, runs.id, coalesce(heirs.id, functions.id), status, {step} FROM runs
         JOIN functions ON functions.num = function LEFT JOIN functions AS heirs ON heirs.num = functions.heir
         WHERE {condition} ORDER BY runs.seq LIMIT 100",
    ))?;
    let rows = statement.query_map([value], |row| {
        let status = waiting.status(row.get(0)?, row, 3)?;
        Ok(RunLink { id: row.get(1)?, function_id: row.get(2)?, status, step: row.get(4)? })
    })?;
    rows.collect()
}

/// The ids of the events of a batch.
fn batch(connection: &Connection, run: i64) -> Result<Vec<String>> {
    let mut statement = connection.prepare(
        "SELECT events.id FROM batches JOIN events ON events.seq = event WHERE run = ?1 ORDER BY place",
    )?;
    let rows = statement.query_map([run], |row| row.get(0))?;
    rows.collect()
}

/// The steps of a run that has begun then.
fn steps(connection: &Connection, run: i64, began: Option<SystemTime>) -> Result<Vec<StepInfo>> {
    let mut statement = connection.prepare(
        "SELECT key, kind, value, error, due, at, noted, attempts, wait_event, wait_if, ord FROM steps WHERE run = ?1
         ORDER BY ord IS NULL, ord, key",
    )?;
    let mut before = began;
    let steps = statement.query_map([run], |row| {
        let at = from_ms(row.get(5)?);
        let noted = row.get::<_, Option<_>>(6)?.map(from_ms);
        let began = noted.or(before);
        if row.get::<_, Option<i64>>(10)?.is_some() {
            before = Some(at);
        }
        Ok(StepInfo {
            id: row.get(0)?,
            kind: kind(row, 1)?,
            output: row.get(2)?,
            error: row.get::<_, Option<String>>(3)?.map(|json| message(&json)),
            due: row.get::<_, Option<_>>(4)?.map(from_ms),
            at,
            began,
            failed_attempts: row.get(7)?,
            waits_for: row.get(8)?,
            matching: row.get(9)?,
        })
    })?;
    steps.collect()
}

fn failures(connection: &Connection, run: i64) -> Result<Vec<FailedAttempt>> {
    let mut statement = connection.prepare(
        "SELECT step, attempt, message, at FROM failures WHERE run = ?1 ORDER BY at, step, attempt",
    )?;
    let failures = statement.query_map([run], |row| {
        Ok(FailedAttempt {
            step: Some(row.get::<_, String>(0)?).filter(|step| !step.is_empty()),
            attempt: row.get(1)?,
            message: row.get(2)?,
            at: from_ms(row.get(3)?),
        })
    })?;
    failures.collect()
}
