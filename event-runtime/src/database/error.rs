//! The error of a database, with what to do about it.

use std::error::Error as StdError;
use std::fmt;

/// An error of a database: what it says, and what to do about it where that is known.
#[derive(Debug)]
pub struct DatabaseError {
    code: Option<String>,
    source: Box<dyn StdError + Send + Sync>,
}

impl DatabaseError {
    /// Creates the error of a driver. `code` is the SQLSTATE of PostgreSQL, such as `40001`, or the result code of SQLite, such as
    /// `5`; `None` if the database has sent none.
    pub fn new(code: Option<String>, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self { code, source: source.into() }
    }

    /// The SQLSTATE of PostgreSQL, or the result code of SQLite.
    pub fn code(&self) -> Option<&str> {
        self.code.as_deref()
    }
}

/// The error of the driver, its code, and what to do.
impl fmt::Display for DatabaseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.source.to_string();
        f.write_str(&text)?;
        let mut cause = self.source.source();
        while let Some(error) = cause {
            let says = error.to_string();
            // Many drivers say their cause themselves.
            if !text.contains(&says) {
                write!(f, ": {says}")?;
            }
            cause = error.source();
        }
        if let Some(code) = &self.code {
            write!(f, " (code {code})")?;
        }
        match advice(self.code.as_deref(), &text) {
            Some(advice) => write!(f, ": {advice}"),
            None => Ok(()),
        }
    }
}

impl StdError for DatabaseError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(&*self.source)
    }
}

/// Returns the advice for an error with this SQLSTATE.
fn advice(code: Option<&str>, text: &str) -> Option<&'static str> {
    Some(match code {
        Some("42P01" | "3F000") => MISSING,
        Some("1") if text.contains("no such table") => MISSING,
        Some("42703") => {
            "a table of this name is not that of event-runtime, or of another version: compare it with `database::POSTGRES_SCHEMA`"
        }
        Some("42501") => {
            "the role of this connection needs `select, insert, update, delete` on `event_outbox` and `event_steps`, and `usage` of their schema; \
             who installs them needs `create` on the schema"
        }
        Some("25006") => "this is a replica, or a session that may only read: connect to the primary",
        Some("8" | "1032") => "the database can only be read: check who owns the file and its folder",
        Some("28P01" | "28000") => {
            "check the user and the password in the URL, and `pg_hba.conf` of the server"
        }
        Some("3D000") => "check the name of the database in the URL, or create it",
        Some("53300") => {
            "the server has no connection left: make the pools smaller, or raise `max_connections`"
        }
        Some("53100") => "the disk of the server is full: nothing was written",
        Some("57014") => "a statement took longer than `statement_timeout`",
        Some("57P01" | "57P02" | "57P03") => "the server is shutting down or starting",
        Some("25P02") => {
            "a statement before this one has failed and its error was not returned: return it, or run that statement in a savepoint"
        }
        Some("5" | "6" | "261" | "517") => {
            "another connection holds the lock of the database for longer than the `busy_timeout`"
        }
        None if text.contains("timed out while waiting for an open connection") => {
            "every connection of the pool is in use, or the server cannot be reached: check the URL, and whether transactions are left open"
        }
        None if text.contains("error connecting") || text.contains("error communicating") => {
            "check the host and the port in the URL, and whether the server runs"
        }
        _ => return None,
    })
}

const MISSING: &str = "create the tables with `event_runtime::database::install(&pool)`, or with the SQL of `database::POSTGRES_SCHEMA` or \
    `database::SQLITE_SCHEMA` as a migration";
