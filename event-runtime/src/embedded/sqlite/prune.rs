//! Removing history, a few rows at a time.

use rusqlite::{Connection, params};

use crate::engine::model::{EventKey, Keep, RunKey};
use crate::engine::store::Result;

/// How many rows are looked at in one go.
const ROWS: i64 = 128;

/// How far runs and events were looked through.
#[derive(Debug, Default)]
pub(super) struct Cursors {
    run: RunKey,
    event: EventKey,
}

/// Removes some of what is not to be kept. Whether there may be more.
pub(super) fn prune(connection: &Connection, cursors: &mut Cursors, keep: &Keep<'_>) -> Result<bool> {
    let more_keys = prune_seen(connection, keep.seen_before)?;
    let more_runs = prune_runs(connection, cursors, keep)?;
    let more_events = prune_events(connection, cursors, keep)?;
    Ok(more_keys || more_runs || more_events)
}

/// Idempotency keys, the oldest first.
fn prune_seen(connection: &Connection, before: i64) -> Result<bool> {
    let removed = connection
        .prepare_cached(
            "DELETE FROM seen WHERE (function, key) IN
                 (SELECT function, key FROM seen WHERE at < ?1 ORDER BY at LIMIT ?2)",
        )?
        .execute(params![before, ROWS])?;
    Ok(i64::try_from(removed).is_ok_and(|removed| removed == ROWS))
}

fn prune_runs(connection: &Connection, cursors: &mut Cursors, keep: &Keep<'_>) -> Result<bool> {
    let last: i64 = connection
        .prepare_cached("SELECT coalesce(max(seq), 0) FROM runs")?
        .query_row([], |row| row.get(0))?;
    let keep_after = last.saturating_sub(i64::try_from(keep.runs).unwrap_or(i64::MAX));
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
        if created >= keep.ended_before && run.0 > keep_after {
            // Whatever comes after it is younger.
            cursors.run = RunKey(0);
            return Ok(false);
        }
        cursors.run = run;
        let has_ended = status > 0;
        if has_ended && (run.0 <= keep_after || ended.is_some_and(|ended| ended < keep.ended_before)) {
            remove_run(connection, run, event, keep)?;
        }
    }
    if is_last {
        cursors.run = RunKey(0);
    }
    Ok(!is_last)
}

/// Removes a run, and its events unless others were started by them.
fn remove_run(connection: &Connection, run: RunKey, event: EventKey, keep: &Keep<'_>) -> Result<()> {
    let mut events: Vec<EventKey> = connection
        .prepare_cached("SELECT event FROM batches WHERE run = ?1")?
        .query_map([run], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    events.push(event);
    for sql in [
        "DELETE FROM runs WHERE seq = ?1",
        "DELETE FROM steps WHERE run = ?1",
        "DELETE FROM failures WHERE run = ?1",
        "DELETE FROM signals WHERE run = ?1",
        "DELETE FROM batches WHERE run = ?1",
    ] {
        connection.prepare_cached(sql)?.execute([run])?;
        fail_point!("prune-run");
    }
    for event in events {
        remove_event(connection, event, keep)?;
    }
    Ok(())
}

/// Removes an event that no run was started by, and that nothing waits for: not who may send its id again, nor a debounce or a
/// batch.
fn remove_event(connection: &Connection, event: EventKey, keep: &Keep<'_>) -> Result<()> {
    if (keep.is_held_back)(event) {
        return Ok(());
    }
    let removed = connection
        .prepare_cached(
            "DELETE FROM events WHERE seq = ?1 AND received < ?2
             AND NOT EXISTS (SELECT 1 FROM runs WHERE event = ?1)
             AND NOT EXISTS (SELECT 1 FROM batches WHERE event = ?1)",
        )?
        .execute(params![event, keep.seen_before])?;
    if removed > 0 {
        connection.prepare_cached("DELETE FROM skips WHERE event = ?1")?.execute([event])?;
    }
    Ok(())
}

/// Removes events that nothing has. Each is looked at once, when it is old enough; one that a run has goes with the run.
fn prune_events(connection: &Connection, cursors: &mut Cursors, keep: &Keep<'_>) -> Result<bool> {
    let mut statement =
        connection.prepare_cached("SELECT seq, received FROM events WHERE seq > ?1 ORDER BY seq LIMIT ?2")?;
    let rows: Vec<(EventKey, i64)> = statement
        .query_map(params![cursors.event, ROWS], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<_>>()?;
    let is_last = rows.len() < usize::try_from(ROWS).unwrap_or(usize::MAX);
    for (event, received) in rows {
        if received >= keep.received_before {
            return Ok(false);
        }
        cursors.event = event;
        remove_event(connection, event, keep)?;
    }
    Ok(!is_last)
}
