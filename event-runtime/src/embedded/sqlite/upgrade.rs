//! What format 1 named by its position in a list, or has decided too early: put right when the function that it belongs to
//! is in the application.

use std::collections::BTreeMap;

use rusqlite::{Connection, params};
use serde_json::json;

use super::functions::Functions;
use crate::engine::expression::{Expression, ExpressionPlace};
use crate::engine::keys::Group;
use crate::engine::milliseconds;
use crate::engine::model::{EventKey, EventView, FunctionIndex, RunKey};
use crate::engine::slots::{throttle_key, throttle_slot};
use crate::engine::state::flow_control::{FlowKind, Rate};
use crate::engine::store::Result;
use crate::function::{Application, FunctionDescriptor};

/// Puts right what format 1 has left, if there is anything.
pub(super) fn upgrade(
    connection: &Connection,
    application: &Application,
    functions: &Functions,
) -> Result<()> {
    let has_any = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, bool>(0));
    if has_any("SELECT EXISTS (SELECT 1 FROM waits WHERE cancels = 2)")? {
        for (index, function) in application.functions.iter().enumerate() {
            let index = FunctionIndex::new(index);
            name_cancellations(connection, functions.numbers(index), function.descriptor)?;
        }
    }
    if has_any("SELECT EXISTS (SELECT 1 FROM flows WHERE kind = 0)")? {
        for (index, function) in application.functions.iter().enumerate() {
            let index = FunctionIndex::new(index);
            release_throttled(connection, functions, index, function.descriptor)?;
        }
    }
    Ok(())
}

/// An event that cancels a run was known by the index of its option: now by the terms of that option.
fn name_cancellations(
    connection: &Connection,
    numbers: &[i64],
    descriptor: &FunctionDescriptor,
) -> Result<()> {
    for number in numbers {
        for (index, cancel) in descriptor.options.cancel_on.iter().enumerate() {
            let timeout = cancel.timeout.map(milliseconds);
            connection.execute(
                "UPDATE waits SET cancels = 1, condition = ?1, until = runs.created + ?2 FROM runs
                 WHERE cancels = 2 AND runs.seq = waits.run AND runs.function = ?3 AND waits.event = ?4 AND slot = ?5",
                params![cancel.condition, timeout, number, cancel.event, i64::try_from(index).ok()],
            )?;
        }
        // The list may have been changed since: then the event tells which option it is.
        for cancel in descriptor.options.cancel_on {
            let timeout = cancel.timeout.map(milliseconds);
            connection.execute(
                "UPDATE waits SET cancels = 1, condition = ?1, until = runs.created + ?2 FROM runs
                 WHERE cancels = 2 AND runs.seq = waits.run AND runs.function = ?3 AND waits.event = ?4",
                params![cancel.condition, timeout, number, cancel.event],
            )?;
        }
    }
    Ok(())
}

/// A run that a throttle keeps back was given the time of its start when its event came. Now it waits for its turn, and the
/// throttle lets the first of them start when it would have.
fn release_throttled(
    connection: &Connection,
    functions: &Functions,
    function: FunctionIndex,
    descriptor: &FunctionDescriptor,
) -> Result<()> {
    let mut first_starts: BTreeMap<u64, i64> = BTreeMap::new();
    for number in functions.numbers(function) {
        for run in kept_back(connection, *number, descriptor)? {
            let first = first_starts.entry(run.throttle).or_insert(run.due);
            *first = run.due.min(*first);
            connection.execute(
                "UPDATE runs SET due = ?2, place = place - (due - ?2) WHERE seq = ?1",
                params![run.key, run.natural],
            )?;
        }
    }
    for number in functions.numbers(function) {
        for (value, state) in throttles(connection, *number)? {
            let throttle = throttle_slot(descriptor, &value);
            let state = first_starts.get(&throttle).map_or(state, |start| {
                // With the burst used up, so that the next start is this one.
                descriptor
                    .options
                    .throttle
                    .map_or(state, |option| Rate::of_throttle(option).used_up_until(*start))
            });
            connection.execute(
                "INSERT OR REPLACE INTO flows (function, kind, key, state) VALUES (?1, ?2, ?3, ?4)",
                params![
                    functions.number(function),
                    FlowKind::Throttle as i64,
                    &*throttle_key(throttle),
                    json!({ "Throttle": state }).to_string()
                ],
            )?;
        }
        connection.execute("DELETE FROM flows WHERE function = ?1 AND kind = 0", [number])?;
    }
    Ok(())
}

/// The states of throttles as format 1 has kept them: the value of the key, and when the next start would be due.
fn throttles(connection: &Connection, number: i64) -> Result<Vec<(String, i64)>> {
    let sql = "SELECT key, state ->> '$.Throttle' FROM flows WHERE function = ?1 AND kind = 0";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map([number], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// A run that has not started, and is due later than its event says.
struct KeptBack {
    key: RunKey,
    due: i64,
    /// When it would be due without the throttle.
    natural: i64,
    throttle: u64,
}

fn kept_back(connection: &Connection, number: i64, descriptor: &FunctionDescriptor) -> Result<Vec<KeptBack>> {
    let key = descriptor.options.throttle.and_then(|throttle| throttle.key);
    let key = key.and_then(|key| Expression::parse(key).ok());
    let mut statement = connection.prepare_cached(
        "SELECT runs.seq, due, max(created, ts), event FROM runs JOIN events ON events.seq = event
         WHERE function = ?1 AND status = 0 AND started IS NULL AND attempt = 0 AND due > max(created, ts)",
    )?;
    let mut rows = statement.query([number])?;
    let mut kept_back = Vec::new();
    while let Some(row) = rows.next()? {
        let event: EventKey = row.get(3)?;
        let group = super::read::event(connection, event)?.map(|stored| {
            let event = EventView::new(stored.event);
            Group::of(ExpressionPlace::Throttle, key.as_ref(), &event, |_| {})
        });
        let value = group.and_then(Group::key).unwrap_or_default();
        let throttle = throttle_slot(descriptor, &value);
        kept_back.push(KeptBack { key: row.get(0)?, due: row.get(1)?, natural: row.get(2)?, throttle });
    }
    Ok(kept_back)
}
