//! Opening a database: what it is, and whether it is ours.

use std::io::Read;
use std::path::Path;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, TransactionBehavior};

use super::lock::{is_memory, private_file};
use super::message::message;
use super::schema::{APPLICATION_ID, LATEST, migrate, pragma};
use crate::embedded::StartError;

/// The first bytes of every SQLite file (SQLite file format, section 1.3.1).
const MAGIC: &[u8; 16] = b"SQLite format 3\0";

/// Opens or creates a database. The lock must be held.
pub(crate) fn open(path: &Path) -> Result<Connection, StartError> {
    let store =
        |error: rusqlite::Error| StartError::Store { path: path.to_owned(), message: message(&error) };
    if is_memory(path) {
        let mut connection = Connection::open_in_memory().map_err(store)?;
        configure(&connection).and_then(|()| bring_up_to_date(&mut connection, 0)).map_err(store)?;
        return Ok(connection);
    }
    check_header(path)?;
    let mut connection = Connection::open(path).map_err(store)?;
    let format = check_owner(&connection, path)?;
    configure(&connection).map_err(store)?;
    fold_log(&connection).map_err(store)?;
    bring_up_to_date(&mut connection, format).map_err(store)?;
    Ok(connection)
}

/// Another connection to a database that is open, to read beside the one that writes.
pub(crate) fn open_to_read(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(std::time::Duration::from_secs(5))?;
    Ok(connection)
}

/// An empty file is a new database; any other must be one of SQLite.
fn check_header(path: &Path) -> Result<(), StartError> {
    let unwritable = |source| StartError::Unwritable { path: path.to_owned(), source };
    let mut header = Vec::new();
    let file = private_file(path).map_err(unwritable)?;
    file.take(MAGIC.len() as u64).read_to_end(&mut header).map_err(unwritable)?;
    if header.is_empty() || header == MAGIC {
        return Ok(());
    }
    // The power may have failed while the first page was written: SQLite takes that back.
    if header.iter().all(|byte| *byte == 0) && has_journal(path) {
        return Ok(());
    }
    Err(StartError::Foreign { path: path.to_owned(), found: "no SQLite database" })
}

/// Whether SQLite has something to take back, in a file beside the database.
fn has_journal(path: &Path) -> bool {
    let mut journal = path.as_os_str().to_owned();
    journal.push("-journal");
    std::fs::metadata(journal).is_ok_and(|journal| journal.len() > 0)
}

/// Whether the database is ours, and in a format that is known: its number.
fn check_owner(connection: &Connection, path: &Path) -> Result<i64, StartError> {
    let store =
        |error: rusqlite::Error| StartError::Store { path: path.to_owned(), message: message(&error) };
    let format = pragma(connection, "user_version").map_err(store)?;
    if pragma(connection, "application_id").map_err(store)? == APPLICATION_ID {
        return match format {
            found if found > LATEST => Err(StartError::Newer { path: path.to_owned(), found, known: LATEST }),
            known => Ok(known),
        };
    }
    let tables: i64 =
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0)).map_err(store)?;
    if tables > 0 || format != 0 {
        return Err(StartError::Foreign {
            path: path.to_owned(),
            found: "a SQLite database of another application",
        });
    }
    Ok(0)
}

/// Durable at every commit: a power cut loses nothing that was acknowledged.
fn configure(connection: &Connection) -> rusqlite::Result<()> {
    connection.set_prepared_statement_cache_capacity(64);
    // Else SQLite prepares a statement again whenever a value that may change its plan is bound.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    // Where `fsync` does not reach the disk by itself (macOS).
    connection.pragma_update(None, "fullfsync", true)?;
    connection.pragma_update(None, "checkpoint_fullfsync", true)?;
    connection.pragma_update(None, "cache_size", -65_536)?;
    connection.pragma_update_and_check(None, "wal_autocheckpoint", 4_000, |_| Ok(()))?;
    connection.busy_timeout(std::time::Duration::from_secs(5))
}

/// Writes the log of a process before this one into the database, and begins a new one. A flush of that log may have
/// failed: then the system shows what was never written to the disk, and whatever was put behind it would be lost with it.
fn fold_log(connection: &Connection) -> rusqlite::Result<()> {
    fail_point!("open-configured");
    let is_busy = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, bool>(0))?;
    if is_busy {
        tracing::warn!("somebody reads the database: its log from before is kept, and is appended to");
    }
    Ok(())
}

fn bring_up_to_date(connection: &mut Connection, format: i64) -> rusqlite::Result<()> {
    fail_point!("open-folded");
    if format == LATEST {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    migrate(&transaction, format)?;
    fail_point!("migrate-before-commit");
    transaction.commit()?;
    fail_point!("migrate-after-commit");
    Ok(())
}
