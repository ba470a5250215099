//! Crons as the database knows them: by their function and their expression.

use rusqlite::{Connection, params};

use super::functions::Functions;
use crate::engine::model::{CronRow, FunctionIndex};
use crate::engine::store::Result;
use crate::function::Application;

/// How long a cron that is not listed is remembered, in milliseconds: one week. A deployment that is taken back within that time
/// makes up for what it has missed; later the cron is new again.
const REMEMBERED_MS: i64 = 7 * 24 * 60 * 60 * 1_000;

/// What stands in the database.
struct Stored {
    number: i64,
    cron: String,
    fired: i64,
    /// Since when it is not listed.
    gone: Option<i64>,
}

/// Takes up when the crons of the application have fired for the last time. Notes those that are not listed any more, and forgets
/// them after a while.
pub(super) fn take_up(
    connection: &Connection,
    application: &Application,
    functions: &Functions,
    now: i64,
) -> Result<Vec<CronRow>> {
    let mut crons = Vec::new();
    for Stored { number, cron, fired, gone } in stored(connection)? {
        let is_listed = |function: &FunctionIndex| {
            application.functions[function.get()].descriptor.options.crons.contains(&cron.as_str())
        };
        let function = functions.index(number).filter(is_listed);
        let is_forgotten = gone.is_some_and(|gone| gone.saturating_add(REMEMBERED_MS) < now);
        // The clock may have been set back.
        let since = gone.unwrap_or(now).min(now);
        match function {
            _ if is_forgotten => {
                let sql = "DELETE FROM crons WHERE function = ?1 AND cron = ?2";
                connection.execute(sql, params![number, cron])?;
                continue;
            }
            Some(_) if gone.is_some() => set_gone(connection, number, &cron, None)?,
            None if gone != Some(since) => set_gone(connection, number, &cron, Some(since))?,
            _ => {}
        }
        crons.extend(function.map(|function| CronRow { function, cron: cron.into(), fired }));
    }
    Ok(crons)
}

fn stored(connection: &Connection) -> Result<Vec<Stored>> {
    let mut statement = connection.prepare("SELECT function, cron, fired, gone FROM crons")?;
    let rows = statement.query_map([], |row| {
        Ok(Stored { number: row.get(0)?, cron: row.get(1)?, fired: row.get(2)?, gone: row.get(3)? })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn set_gone(connection: &Connection, number: i64, cron: &str, gone: Option<i64>) -> Result<()> {
    let sql = "UPDATE crons SET gone = ?3 WHERE function = ?1 AND cron = ?2";
    connection.execute(sql, params![number, cron, gone])?;
    Ok(())
}
