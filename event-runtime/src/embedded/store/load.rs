//! What a database holds at the start: the runs that have not ended.

use std::collections::HashMap;
use std::sync::Arc;

use rusqlite::{Connection, Result, Row};
use serde_json::value::RawValue;

use super::write::{OpenRun, Recorded, RunKey, Unfinished};
use crate::app::Core;
use crate::envelope::RawEnvelope;
use crate::function::{Failure, Outcome};

/// The runs that have not ended, in the order of their events. A run whose function is not in the application is left
/// as it is.
pub(in crate::embedded) fn load_open_runs(connection: &Connection, core: &Core) -> Result<Vec<OpenRun>> {
    let functions: HashMap<&str, usize> =
        core.functions.iter().enumerate().map(|(index, function)| (function.descriptor.id, index)).collect();
    let mut events = HashMap::new();
    let mut statement = connection.prepare(
        "SELECT runs.seq, runs.id, function, attempt, due, recoveries,
                events.seq, events.id, name, data, ts, v, user
         FROM runs JOIN events ON events.seq = runs.event WHERE status = 0 ORDER BY runs.seq",
    )?;
    let mut rows = statement.query([])?;
    let mut runs = Vec::new();
    let mut orphans = 0_u64;
    while let Some(row) = rows.next()? {
        let function: String = row.get(2)?;
        match functions.get(function.as_str()) {
            Some(&function) => runs.push(run(row, function, &mut events)?),
            None => {
                orphans += 1;
                tracing::warn!(function, "a run waits for a function that the application does not list");
            }
        }
    }
    if orphans > 0 {
        tracing::warn!(
            orphans,
            "runs of unknown functions stay in the database until the functions are listed again"
        );
    }
    load_steps(connection, &mut runs)?;
    Ok(runs)
}

fn run(row: &Row<'_>, function: usize, events: &mut HashMap<i64, Arc<RawEnvelope>>) -> Result<OpenRun> {
    let event_key = row.get(6)?;
    let event = match events.get(&event_key) {
        Some(event) => Arc::clone(event),
        None => {
            let event = Arc::new(event(row)?);
            events.insert(event_key, Arc::clone(&event));
            event
        }
    };
    let recoveries: u32 = row.get(5)?;
    Ok(OpenRun {
        key: row.get(0)?,
        id: row.get::<_, String>(1)?.into(),
        function,
        event,
        attempt: row.get(3)?,
        due: row.get(4)?,
        recoveries: Some(recoveries),
        recorded: Vec::new(),
        unfinished: HashMap::new(),
    })
}

fn event(row: &Row<'_>) -> Result<RawEnvelope> {
    Ok(RawEnvelope {
        id: row.get(7)?,
        name: row.get(8)?,
        data: raw(row.get(9)?, 9)?,
        ts: row.get(10)?,
        v: row.get(11)?,
        user: row.get::<_, Option<String>>(12)?.map(|json| raw(json, 12)).transpose()?,
        traceparent: None,
    })
}

/// What was stored as JSON is JSON; if it is not, the database is damaged.
fn raw(json: String, column: usize) -> Result<Box<RawValue>> {
    RawValue::from_string(json).map_err(|error| damaged(column, error))
}

fn damaged(column: usize, error: serde_json::Error) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, rusqlite::types::Type::Text, Box::new(error))
}

/// The steps of the open runs. Results come in their order.
fn load_steps(connection: &Connection, runs: &mut [OpenRun]) -> Result<()> {
    let places: HashMap<RunKey, usize> =
        runs.iter().enumerate().map(|(index, run)| (run.key, index)).collect();
    let mut statement = connection.prepare(
        "SELECT run, key, ord, attempts, steps.due, value, error
         FROM steps JOIN runs ON runs.seq = steps.run WHERE status = 0 ORDER BY run, ord",
    )?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let Some(&place) = places.get(&row.get(0)?) else { continue };
        let (key, run): (Arc<str>, _) = (row.get::<_, String>(1)?.into(), &mut runs[place]);
        if row.get::<_, Option<i64>>(2)?.is_some() {
            run.recorded.push(Recorded { key, outcome: outcome(row)? });
        } else {
            let due = row.get::<_, Option<i64>>(4)?.unwrap_or_default();
            run.unfinished.insert(key, Unfinished { attempts: row.get(3)?, due });
        }
    }
    Ok(())
}

fn outcome(row: &Row<'_>) -> Result<Outcome> {
    let error: Option<String> = row.get(6)?;
    match error {
        Some(json) => {
            let failure: Failure = serde_json::from_str(&json).map_err(|error| damaged(6, error))?;
            Ok(Outcome::Failed(failure))
        }
        None => Ok(Outcome::Value(row.get::<_, String>(5)?.into())),
    }
}
