//! Looking inside: counts, and what stands in the database, as types.

use rusqlite::{Connection, Result, Row};

use super::Totals;

fn count_of(row: &Row<'_>) -> Result<u64> {
    row.get::<_, i64>(0).map(i64::unsigned_abs)
}

pub(super) fn totals(connection: &Connection) -> Result<Totals> {
    let count = |sql: &str| connection.query_row(sql, [], count_of);
    Ok(Totals {
        events: count("SELECT count(*) FROM events")?,
        runs: count("SELECT count(*) FROM runs")?,
        open: count("SELECT count(*) FROM runs WHERE status < 1")?,
        completed: count("SELECT count(*) FROM runs WHERE status = 1")?,
        failed: count("SELECT count(*) FROM runs WHERE status = 2")?,
        cancelled: count("SELECT count(*) FROM runs WHERE status = 3")?,
        steps_recorded: count("SELECT count(*) FROM steps WHERE kind = 0 AND ord IS NOT NULL")?,
    })
}
