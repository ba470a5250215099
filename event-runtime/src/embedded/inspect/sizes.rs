//! Sizes and counts of the database.

use rusqlite::{Connection, Result};

use crate::clock::from_ms;
use crate::inspect::Sizes;

/// Sizes and counts, as far as the database knows them.
pub(super) fn sizes(connection: &Connection) -> Result<Sizes> {
    let number = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, i64>(0)).map(i64::unsigned_abs);
    let page = number("PRAGMA page_size")?;
    let oldest: Option<i64> = connection
        .query_row("SELECT received FROM events ORDER BY seq LIMIT 1", [], |row| row.get(0))
        .or_else(|error| if error == rusqlite::Error::QueryReturnedNoRows { Ok(None) } else { Err(error) })?;
    Ok(Sizes {
        file_bytes: number("PRAGMA page_count")? * page,
        free_bytes: number("PRAGMA freelist_count")? * page,
        log_bytes: 0,
        events: number("SELECT count(*) FROM events")?,
        runs: number("SELECT count(*) FROM runs")?,
        open_runs: number("SELECT count(*) FROM runs WHERE status < 1")?,
        oldest_event: oldest.map(from_ms),
        queued_events: 0,
    })
}
