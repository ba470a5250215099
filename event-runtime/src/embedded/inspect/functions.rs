//! Statistics of functions.

use rusqlite::{Connection, OptionalExtension, Result, params};

use super::waiting::Waiting;
use crate::engine::model::{RunKey, Status};
use crate::inspect::{FunctionStats, Percentiles};

/// The most runs of one outcome that are looked at.
const MOST: i64 = 10_000;

/// The statistics of the functions with these ids, of the runs that were created since then.
pub(super) fn statistics(
    connection: &Connection,
    ids: &[&str],
    since: i64,
    waiting: &Waiting,
) -> Result<Vec<FunctionStats>> {
    let first = first_since(connection, since)?;
    let mut numbers = connection.prepare(
        "SELECT num FROM functions WHERE id = ?1
         UNION SELECT num FROM functions WHERE heir = (SELECT num FROM functions WHERE id = ?1 AND heir IS NULL)",
    )?;
    let mut all = Vec::with_capacity(ids.len());
    for id in ids {
        let found: Vec<i64> = numbers.query_map([id], |row| row.get(0))?.collect::<Result<_>>()?;
        let (mut stats, mut times) = (FunctionStats::default(), (Vec::new(), Vec::new()));
        for number in found {
            count_open(connection, number, waiting, &mut stats)?;
            count_ended(connection, number, first, &mut stats, &mut times)?;
        }
        (stats.waited, stats.ran) = (Percentiles::of(times.0), Percentiles::of(times.1));
        all.push(stats);
    }
    Ok(all)
}

/// The first run that was created since then: runs are numbered in the order in which they are created. It is searched by halves.
fn first_since(connection: &Connection, since: i64) -> Result<i64> {
    let ends = "SELECT coalesce(min(seq), 0), coalesce(max(seq), 0) + 1 FROM runs";
    let (mut low, mut high): (i64, i64) =
        connection.query_row(ends, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let mut next =
        connection.prepare("SELECT seq, created FROM runs WHERE seq >= ?1 ORDER BY seq LIMIT 1")?;
    while low < high {
        let middle = low + (high - low) / 2;
        let found: Option<(i64, i64)> =
            next.query_row([middle], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
        match found {
            Some((seq, created)) if created < since => low = seq + 1,
            _ => high = middle,
        }
    }
    Ok(low)
}

fn count_open(
    connection: &Connection,
    function: i64,
    waiting: &Waiting,
    stats: &mut FunctionStats,
) -> Result<()> {
    let mut statement = connection
        .prepare_cached("SELECT seq, status FROM runs WHERE function = ?1 AND status < 1 LIMIT ?2")?;
    let rows = statement
        .query_map(params![function, 10 * MOST], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?)))?;
    for row in rows {
        let (run, stored) = row?;
        if stored == Status::Parked as i64 || waiting.has(RunKey(run)) {
            stats.waiting += 1;
        } else {
            stats.open += 1;
        }
    }
    Ok(())
}

/// Counts what has ended since this run, with its times in waiting and running, in milliseconds.
fn count_ended(
    connection: &Connection,
    function: i64,
    first: i64,
    stats: &mut FunctionStats,
    (waited, ran): &mut (Vec<u64>, Vec<u64>),
) -> Result<()> {
    for status in [Status::Completed, Status::Failed, Status::Cancelled] {
        // It is known from the text alone which index there is.
        let mut statement = connection.prepare_cached(
            "SELECT created, started, ended FROM runs
             WHERE function = ?1 AND status = ?2 AND status > 0 AND seq >= ?3 ORDER BY seq DESC LIMIT ?4",
        )?;
        let rows = statement.query_map(params![function, status as i64, first, MOST], |row| {
            Ok((row.get::<_, i64>(0)?, row.get::<_, Option<i64>>(1)?, row.get::<_, Option<i64>>(2)?))
        })?;
        let mut count = 0;
        for row in rows {
            let (created, started, ended) = row?;
            count += 1;
            if let Some(started) = started {
                waited.push(started.saturating_sub(created).max(0).unsigned_abs());
                let ended = ended.unwrap_or(started);
                ran.push(ended.saturating_sub(started).max(0).unsigned_abs());
            }
        }
        stats.is_partial |= count == MOST.unsigned_abs();
        match status {
            Status::Completed => stats.completed += count,
            Status::Failed => stats.failed += count,
            _ => stats.cancelled += count,
        }
    }
    Ok(())
}
