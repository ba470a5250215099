//! The runs that an action in bulk means: a part at a time, the oldest first.

use rusqlite::{Connection, OptionalExtension, Result};

use super::runs::first_keys;
use super::sql::Sql;
use super::waiting::Waiting;
use crate::inspect::{Cursor, RunFilter, RunInfo};

/// A part of the runs that a filter selects.
pub(in crate::embedded) struct Part {
    pub(in crate::embedded) ids: Vec<String>,
    /// Where the next part begins, if there may be one.
    pub(in crate::embedded) next: Option<Cursor<RunInfo>>,
}

/// The key of the newest run: what is created later is not meant.
pub(in crate::embedded) fn newest(connection: &Connection) -> Result<i64> {
    connection.query_row("SELECT coalesce(max(seq), 0) FROM runs", [], |row| row.get(0))
}

/// A part of the runs up to this one.
pub(super) fn part(
    connection: &Connection,
    filter: &RunFilter,
    key: Option<&Sql>,
    waiting: &Waiting,
    newest: i64,
) -> Result<Part> {
    let (keys, next) = keys(connection, filter, key, waiting, newest)?;
    let mut statement = connection.prepare("SELECT id FROM runs WHERE seq = ?1")?;
    // One may have been pruned meanwhile.
    let ids = keys
        .into_iter()
        .filter_map(|key| statement.query_row([key], |row| row.get(0)).optional().transpose());
    Ok(Part { ids: ids.collect::<Result<_>>()?, next })
}

/// Counts the runs that a filter selects.
pub(super) fn count(
    connection: &Connection,
    filter: &RunFilter,
    key: Option<&Sql>,
    waiting: &Waiting,
) -> Result<u64> {
    let (newest, mut filter, mut count) = (newest(connection)?, filter.clone(), 0);
    loop {
        let (keys, next) = keys(connection, &filter, key, waiting, newest)?;
        count += keys.len() as u64;
        let Some(next) = next else { return Ok(count) };
        filter = filter.after(next);
    }
}

fn keys(
    connection: &Connection,
    filter: &RunFilter,
    key: Option<&Sql>,
    waiting: &Waiting,
    newest: i64,
) -> Result<(Vec<i64>, Option<Cursor<RunInfo>>)> {
    let (mut keys, limit) = (first_keys(connection, filter, key, waiting)?, filter.page());
    let has_more = keys.len() > limit;
    keys.truncate(limit);
    keys.retain(|key| *key <= newest);
    let next = keys.last().filter(|_| has_more).map(|key| Cursor::new(*key));
    Ok((keys, next))
}
