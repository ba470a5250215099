//! Runs, their steps and their failed attempts.

use std::time::SystemTime;

use rusqlite::types::Value;
use rusqlite::{Connection, Error, OptionalExtension, Result, Row};

use super::sql::Sql;
use super::waiting::Waiting;
use crate::clock::from_ms;
use crate::engine::model::{RunEnd, Status};
use crate::function::{Failure, StepKind};
use crate::inspect::{
    Cursor, FailedAttempt, Order, Orphans, Page, RunDetails, RunFilter, RunInfo, RunStatus, StepInfo,
};

const RUN_COLUMNS: &str =
    "runs.seq, runs.id, coalesce(heirs.id, functions.id), status, events.id, events.name, attempt, created, started, ended,
                           result, replay_of, held";

/// A run with its function, under the id that this has now, and its event.
const RUN_TABLES: &str =
    "runs JOIN functions ON functions.num = function LEFT JOIN functions AS heirs ON heirs.num = functions.heir
                          LEFT JOIN events ON events.seq = runs.event";

fn run_info(row: &Row<'_>, waiting: &Waiting) -> Result<(i64, RunInfo)> {
    let key = row.get(0)?;
    let status = waiting.status(key, row, 3)?;
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
    waiting: &Waiting,
) -> Result<Page<RunInfo>> {
    let (keys, limit) = (first_keys(connection, filter, key, waiting)?, filter.page());
    let mut statement =
        connection.prepare(&format!("SELECT {RUN_COLUMNS} FROM {RUN_TABLES} WHERE runs.seq = ?1"))?;
    // One may have been pruned meanwhile.
    let found = keys
        .into_iter()
        .filter_map(|key| statement.query_row([key], |row| run_info(row, waiting)).optional().transpose());
    Ok(Page::new(found.collect::<Result<_>>()?, limit))
}

/// The keys of the runs on a page, in its order, and of one more if there are more.
pub(super) fn first_keys(
    connection: &Connection,
    filter: &RunFilter,
    key: Option<&Sql>,
    waiting: &Waiting,
) -> Result<Vec<i64>> {
    let mut keys = match &filter.event_id {
        Some(event) => of_event(connection, filter, event, key, waiting)?,
        None if filter.functions.is_empty() && filter.statuses.is_empty() => all(connection, filter, key)?,
        None => of_functions(connection, filter, key, waiting)?,
    };
    keys.sort_unstable();
    if filter.order == Order::Newest {
        keys.reverse();
    }
    keys.truncate(filter.page() + 1);
    Ok(keys)
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
pub(super) fn details(connection: &Connection, id: &str, waiting: &Waiting) -> Result<Option<RunDetails>> {
    let sql = format!("SELECT {RUN_COLUMNS} FROM {RUN_TABLES} WHERE runs.id = ?1");
    let found = connection.query_row(&sql, [id], |row| run_info(row, waiting)).optional()?;
    let Some((key, run)) = found else { return Ok(None) };
    let mut statement = connection.prepare(
        "SELECT key, kind, value, error, due, at FROM steps WHERE run = ?1 ORDER BY ord IS NULL, ord, key",
    )?;
    let steps = statement.query_map([key], |row| {
        Ok(StepInfo {
            id: row.get(0)?,
            kind: kind(row, 1)?,
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
