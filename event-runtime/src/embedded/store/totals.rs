//! Counts of what a database holds.

use rusqlite::{Connection, Result, Row};

use crate::embedded::Totals;

fn count_of(row: &Row<'_>) -> Result<u64> {
    row.get::<_, i64>(0).map(i64::unsigned_abs)
}

pub(super) fn totals(connection: &Connection) -> Result<Totals> {
    let count = |sql: &str| connection.prepare_cached(sql)?.query_row([], count_of);
    let runs_with = |status: i64| {
        connection
            .prepare_cached("SELECT count(*) FROM runs WHERE status = ?1")?
            .query_row([status], count_of)
    };
    Ok(Totals {
        events: count("SELECT count(*) FROM events")?,
        runs: count("SELECT count(*) FROM runs")?,
        open: runs_with(0)?,
        completed: runs_with(1)?,
        failed: runs_with(2)?,
        steps_recorded: count("SELECT count(*) FROM steps WHERE kind = 0 AND ord IS NOT NULL")?,
    })
}
