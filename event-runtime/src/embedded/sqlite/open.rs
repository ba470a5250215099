//! Opening a database: what it is, and whether it is ours.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, MAIN_DB, OpenFlags, OptionalExtension, TransactionBehavior};

use super::files::Files;
use super::lock::{FileLock, is_memory, private};
use super::log::LogLength;
use super::message::shared;
use super::patience::{GivesUp, be_impatient, be_patient};
use super::schema::{APPLICATION_ID, LATEST, migrate, pragma};
use crate::embedded::StartError;

/// The first bytes of every SQLite file (SQLite file format, section 1.3.1).
const MAGIC: &[u8; 16] = b"SQLite format 3\0";

/// A database that is open, and owned.
pub(crate) struct Opened {
    pub(crate) connection: Connection,
    pub(crate) lock: FileLock,
    pub(crate) files: Files,
    pub(crate) log: LogLength,
}

/// How long the log is when it is folded into the database, in pages of 4 KiB, and in bytes.
pub(super) const LOG_PAGES: i64 = 4_000;
pub(super) const LOG_BYTES: i64 = LOG_PAGES * 4_096;

/// Which application opens a database.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Opener<'a> {
    /// Its id.
    pub(crate) application: &'a str,
    /// Set to take over the database of another application.
    pub(crate) adopts: bool,
}

/// Opens or creates a database, whose path must be the canonical one, and owns it. Who holds its write lock is waited for,
/// until nobody wants it any more.
pub(crate) fn open(path: &Path, opener: Opener<'_>, gives_up: GivesUp) -> Result<Opened, StartError> {
    if is_memory(path) {
        let mut connection = Connection::open_in_memory().map_err(|error| store(path, error))?;
        configure(&connection)
            .and_then(|()| bring_up_to_date(&mut connection, 0))
            .map_err(|error| store(path, error))?;
        return Ok(Opened {
            connection,
            lock: FileLock::none(),
            files: Files::none(),
            log: LogLength::none(),
        });
    }
    check_kind(path)?;
    let lock = FileLock::take(path)?;
    let mut connection = Connection::open(path).map_err(|error| store(path, error))?;
    let format = be_patient(&mut connection, path.to_owned(), gives_up.clone())
        .map_err(|error| store(path, error))
        .and_then(|()| check_format(&connection, path))
        .and_then(|format| check_owner(&connection, path, format, opener).map(|()| format));
    let format = match format {
        Ok(format) => format,
        Err(error) => {
            leave_as_it_is(&connection);
            return Err(error);
        }
    };
    let opening = configure(&connection)
        .and_then(|()| fold_log(&connection))
        .and_then(|()| be_patient(&mut connection, path.to_owned(), gives_up))
        .and_then(|()| bring_up_to_date(&mut connection, format));
    opening.map_err(|error| store(path, error))?;
    Ok(Opened { connection, lock, files: Files::of(path), log: LogLength::of(path) })
}

pub(super) fn store(path: &Path, error: rusqlite::Error) -> StartError {
    let path = path.to_owned();
    match error.sqlite_error_code() {
        Some(ErrorCode::CannotOpen | ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => {
            StartError::Unwritable { path, source: std::io::Error::other(error) }
        }
        _ => StartError::Store { path, source: shared(error) },
    }
}

/// What is there must be a file.
fn check_kind(path: &Path) -> Result<(), StartError> {
    let Ok(found) = std::fs::metadata(path) else { return Ok(()) };
    let source = match found.file_type() {
        kind if kind.is_file() => return Ok(()),
        kind if kind.is_dir() => std::io::ErrorKind::IsADirectory.into(),
        _ => std::io::Error::other("it is not a file"),
    };
    Err(StartError::Unwritable { path: path.to_owned(), source })
}

/// Of a database that is refused not even the log is folded into it.
fn leave_as_it_is(connection: &Connection) {
    if let Err(error) = connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true) {
        tracing::warn!(%error, "the log of a database that is refused may be folded into it");
    }
}

/// Another connection to a database that is open, to read beside the one that writes.
pub(crate) fn open_to_read(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(std::time::Duration::from_secs(5))?;
    sort_in_memory(&connection)?;
    Ok(connection)
}

/// Writes a copy of a database to a file that is not there yet. Neither the copy nor its journal can ever be read by others.
pub(crate) fn backup(connection: &Connection, path: &Path) -> std::io::Result<()> {
    private().create_new(true).open(path)?;
    let copied = connection.execute("VACUUM INTO ?1", [path.to_string_lossy()]);
    copied.map(drop).map_err(|error| {
        // It is not a copy, and in the way of the next one.
        let _ = std::fs::remove_file(path);
        std::io::Error::other(error)
    })
}

/// Says what a file is that SQLite does not take for a database. Nobody has locks on such a file, so it may be opened here.
fn not_a_database(path: &Path, error: rusqlite::Error) -> StartError {
    let mut header = Vec::new();
    let read = File::open(path).and_then(|file| file.take(MAGIC.len() as u64).read_to_end(&mut header));
    if read.is_ok() && header == MAGIC {
        return store(path, error);
    }
    StartError::Foreign { path: path.to_owned(), found: "not a SQLite database" }
}

/// Reads the format of the database; an error unless it can be written, and has a known format of this crate.
fn check_format(connection: &Connection, path: &Path) -> Result<i64, StartError> {
    let format = read_format(connection, path)?;
    if connection.is_readonly(MAIN_DB).map_err(|error| store(path, error))? {
        let source = std::io::ErrorKind::PermissionDenied.into();
        return Err(StartError::Unwritable { path: path.to_owned(), source });
    }
    Ok(format)
}

/// Reads the format of the database; an error unless it is a known format of this crate. 0: it is empty.
pub(super) fn read_format(connection: &Connection, path: &Path) -> Result<i64, StartError> {
    let failed = |error: rusqlite::Error| match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => not_a_database(path, error),
        _ => store(path, error),
    };
    let format = pragma(connection, "user_version").map_err(failed)?;
    if pragma(connection, "application_id").map_err(failed)? == APPLICATION_ID {
        return match format {
            found if found > LATEST => Err(StartError::Newer { path: path.to_owned(), found, known: LATEST }),
            known => Ok(known),
        };
    }
    let tables: i64 =
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0)).map_err(failed)?;
    if tables > 0 || format != 0 {
        return Err(StartError::Foreign {
            path: path.to_owned(),
            found: "a SQLite database of another application",
        });
    }
    Ok(0)
}

/// Whether the database is that of the application which opens it. Format 1 did not say whose it is.
pub(super) fn check_owner(
    connection: &Connection,
    path: &Path,
    format: i64,
    Opener { application, adopts }: Opener<'_>,
) -> Result<(), StartError> {
    if format < 2 {
        return Ok(());
    }
    let sql = "SELECT value FROM meta WHERE name = 'application'";
    let owner: Option<String> =
        connection.query_row(sql, [], |row| row.get(0)).optional().map_err(|error| store(path, error))?;
    match owner {
        Some(owner) if owner != application && adopts => {
            tracing::info!(owner, application, "the application adopts the database of another one");
            Ok(())
        }
        Some(owner) if owner != application => Err(StartError::OtherApplication {
            path: path.to_owned(),
            owner,
            application: application.to_owned(),
        }),
        _ => Ok(()),
    }
}

/// Durable at every commit: a power cut loses nothing that was acknowledged.
fn configure(connection: &Connection) -> rusqlite::Result<()> {
    connection.set_prepared_statement_cache_capacity(64);
    // Else SQLite prepares a statement again whenever a value that may change its plan is bound.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    // The functions that runs belong to were noted at the start, and are never removed.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_FKEY, false)?;
    connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    // Where `fsync` does not reach the disk by itself (macOS).
    connection.pragma_update(None, "fullfsync", true)?;
    connection.pragma_update(None, "checkpoint_fullfsync", true)?;
    connection.pragma_update(None, "cache_size", -65_536)?;
    sort_in_memory(connection)?;
    connection.pragma_update_and_check(None, "wal_autocheckpoint", LOG_PAGES, |_| Ok(()))?;
    // What a log has grown beyond that, while somebody read, is given back once it begins anew.
    connection.pragma_update_and_check(None, "journal_size_limit", LOG_BYTES, |_| Ok(()))
}

/// Keeps temporary tables and journals in memory: there may be no folder for them, only that of the database.
fn sort_in_memory(connection: &Connection) -> rusqlite::Result<()> {
    connection.pragma_update(None, "temp_store", "MEMORY")
}

/// Writes the log of a process before this one into the database, and begins a new one. A flush of that log may have
/// failed: then the system shows what was never written to the disk, and whatever was put behind it would be lost with it.
fn fold_log(connection: &Connection) -> rusqlite::Result<()> {
    fail_point!("open-configured");
    if !try_to_fold(connection)? {
        tracing::warn!("somebody reads the database: its log from before is kept, and is appended to");
    }
    Ok(())
}

/// Writes the log into the database and empties it, unless somebody reads: nobody is waited for. Whether it is empty.
pub(crate) fn try_to_fold(connection: &Connection) -> rusqlite::Result<bool> {
    be_impatient(connection)?;
    let is_busy = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, bool>(0))?;
    Ok(!is_busy)
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
