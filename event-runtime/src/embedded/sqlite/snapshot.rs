//! A snapshot: what the open runs of a database need, of one moment, copied into memory. The database may be that of another
//! process; nothing is written to it, nor beside it.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, TransactionBehavior};
use url::Url;

use super::lock::is_memory;
use super::open::{Opener, check_owner, read_format, store};
use super::schema::{create, migrate};
use crate::embedded::StartError;

/// The tables of which everything is copied, and conditions for the rows of the others. The open runs come first.
const COPIED: [(&str, &str); 6] = [
    ("functions", "1"),
    ("runs", "status < 1"),
    ("batches", "run IN (SELECT seq FROM main.runs)"),
    ("steps", "run IN (SELECT seq FROM main.runs)"),
    ("waits", "run IN (SELECT seq FROM main.runs)"),
    ("events", "seq IN (SELECT event FROM main.runs) OR seq IN (SELECT event FROM main.batches)"),
];

/// A snapshot of a database.
pub(crate) struct Snapshot {
    /// In memory, in the latest format.
    pub(crate) connection: Connection,
    /// The format of the database.
    pub(crate) format: i64,
}

/// Takes a snapshot of the database of an application.
pub(crate) fn snapshot(path: &Path, opener: Opener<'_>) -> Result<Snapshot, StartError> {
    if is_memory(path) || !path.exists() {
        return Err(StartError::Missing { path: path.to_owned() });
    }
    let failed = |error| store(path, error);
    let source = source(path);
    let format = {
        let flags =
            OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(&source, flags).map_err(failed)?;
        let format = read_format(&connection, path)?;
        check_owner(&connection, path, format, opener)?;
        format
    };
    if format == 0 {
        return Err(StartError::Missing { path: path.to_owned() });
    }
    let connection = copy(&source, format).map_err(failed)?;
    Ok(Snapshot { connection, format })
}

/// The name by which SQLite reads a database and leaves everything as it is. Without a log nobody writes, and not even the files of
/// a reader are made beside it.
fn source(path: &Path) -> String {
    let log = std::fs::metadata(format!("{}-wal", path.display()));
    let is_at_rest = log.map_or(true, |log| log.len() == 0);
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let mut name = Url::from_file_path(&absolute).map_or_else(|()| path.display().to_string(), Into::into);
    name.push_str(if is_at_rest { "?mode=ro&immutable=1" } else { "?mode=ro" });
    name
}

fn copy(source: &str, format: i64) -> rusqlite::Result<Connection> {
    let mut connection = Connection::open_in_memory()?;
    create(&connection, format)?;
    connection.busy_timeout(Duration::from_secs(5))?;
    connection.execute("ATTACH ?1 AS source", [source])?;
    // In one transaction, which sees one moment.
    let transaction = connection.transaction()?;
    for (table, condition) in COPIED {
        transaction.execute(
            &format!("INSERT INTO main.{table} SELECT * FROM source.{table} WHERE {condition}"),
            [],
        )?;
    }
    transaction.commit()?;
    connection.execute("DETACH source", [])?;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    migrate(&transaction, format)?;
    transaction.commit()?;
    Ok(connection)
}
