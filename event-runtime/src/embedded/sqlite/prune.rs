//! Removing history, a few rows at a time.

use rusqlite::{Connection, params};

use crate::engine::store::{EventKey, Result, RunKey};

/// How many rows are looked at in one go.
const ROWS: i64 = 128;

/// Events that started nothing are kept at least so long, in milliseconds: they may be held back by a debounce or a batch.
/// 8 days, a day more than these take.
const HELD_BACK_MS: i64 = 8 * 24 * 60 * 60 * 1_000;

/// How far runs and events were looked through.
#[derive(Debug, Default)]
pub(super) struct Cursors {
    run: RunKey,
    event: EventKey,
}

/// Removes some of what ended before `ended_before`, and of what is more than `keep` runs old. Whether there may be more.
pub(super) fn prune(
    connection: &Connection,
    cursors: &mut Cursors,
    ended_before: i64,
    keep: u64,
    seen_before: i64,
) -> Result<bool> {
    connection.prepare_cached("DELETE FROM seen WHERE at < ?1")?.execute([seen_before])?;
    let more_runs = prune_runs(connection, cursors, ended_before, keep)?;
    let events_before = ended_before.saturating_sub(HELD_BACK_MS);
    let more_events = prune_events(connection, cursors, events_before)?;
    Ok(more_runs || more_events)
}

fn prune_runs(connection: &Connection, cursors: &mut Cursors, ended_before: i64, keep: u64) -> Result<bool> {
    let last: RunKey = connection
        .prepare_cached("SELECT coalesce(max(seq), 0) FROM runs")?
        .query_row([], |row| row.get(0))?;
    let keep_after = last.saturating_sub(i64::try_from(keep).unwrap_or(i64::MAX));
    let mut statement = connection.prepare_cached(
        "SELECT seq, event, status, created, ended FROM runs WHERE seq > ?1 ORDER BY seq LIMIT ?2",
    )?;
    let rows: Vec<(RunKey, EventKey, i64, i64, Option<i64>)> = statement
        .query_map(params![cursors.run, ROWS], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?))
        })?
        .collect::<rusqlite::Result<_>>()?;
    let is_last = rows.len() < usize::try_from(ROWS).unwrap_or(usize::MAX);
    for (run, event, status, created, ended) in rows {
        if created >= ended_before && run > keep_after {
            // Whatever comes after it is younger.
            cursors.run = 0;
            return Ok(false);
        }
        cursors.run = run;
        let has_ended = status > 0;
        if has_ended && (run <= keep_after || ended.is_some_and(|ended| ended < ended_before)) {
            remove_run(connection, run, event)?;
        }
    }
    if is_last {
        cursors.run = 0;
    }
    Ok(!is_last)
}

/// Removes a run, and its events unless others were started by them.
fn remove_run(connection: &Connection, run: RunKey, event: EventKey) -> Result<()> {
    let mut events: Vec<EventKey> = connection
        .prepare_cached("SELECT event FROM batches WHERE run = ?1")?
        .query_map([run], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    events.push(event);
    for sql in [
        "DELETE FROM runs WHERE seq = ?1",
        "DELETE FROM steps WHERE run = ?1",
        "DELETE FROM failures WHERE run = ?1",
        "DELETE FROM batches WHERE run = ?1",
    ] {
        connection.prepare_cached(sql)?.execute([run])?;
        fail_point!("prune-run");
    }
    for event in events {
        remove_event(connection, event)?;
    }
    Ok(())
}

/// Removes an event that no run was started by.
fn remove_event(connection: &Connection, event: EventKey) -> Result<()> {
    connection
        .prepare_cached(
            "DELETE FROM events WHERE seq = ?1
             AND NOT EXISTS (SELECT 1 FROM runs WHERE event = ?1)
             AND NOT EXISTS (SELECT 1 FROM batches WHERE event = ?1)",
        )?
        .execute([event])?;
    Ok(())
}

fn prune_events(connection: &Connection, cursors: &mut Cursors, before: i64) -> Result<bool> {
    let mut statement =
        connection.prepare_cached("SELECT seq, received FROM events WHERE seq > ?1 ORDER BY seq LIMIT ?2")?;
    let rows: Vec<(EventKey, i64)> = statement
        .query_map(params![cursors.event, ROWS], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<_>>()?;
    let is_last = rows.len() < usize::try_from(ROWS).unwrap_or(usize::MAX);
    for (event, received) in rows {
        if received >= before {
            cursors.event = 0;
            return Ok(false);
        }
        cursors.event = event;
        remove_event(connection, event)?;
    }
    if is_last {
        cursors.event = 0;
    }
    Ok(!is_last)
}
