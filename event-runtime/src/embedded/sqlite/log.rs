//! SQLite's log: it is folded into the database when it is long, unless somebody reads.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rusqlite::{Connection, Result};

use super::files::beside;
use super::open::LOG_BYTES;
use crate::embedded::readers::Readers;

/// From this length on somebody must be in the way, or a single commit is very large.
const TOO_LONG: u64 = LOG_BYTES.unsigned_abs() / 4 * 5;

/// How often the length is looked at: whoever asks for it makes the next flush of the log dearer (Linux from 6.13 on).
const PAUSE: Duration = Duration::from_millis(100);

/// How long the readers of this process are waited for, before the log is folded: a page takes less.
const READERS: Duration = Duration::from_secs(1);

/// The length of the log, and when somebody was told of it.
#[derive(Debug)]
pub(crate) struct LogLength {
    /// `None` in memory.
    log: Option<PathBuf>,
    next_look: Instant,
    /// The length at which it was looked at last, in bytes.
    looked_at: u64,
    /// Until when the readers of this process are waited for.
    readers_until: Instant,
}

impl LogLength {
    pub(super) fn of(database: &Path) -> Self {
        Self { log: Some(beside(database, "-wal")), ..Self::none() }
    }

    pub(super) fn none() -> Self {
        let now = Instant::now();
        Self { log: None, next_look: now, looked_at: 0, readers_until: now }
    }

    /// Folds a long log, once the readers of this process have ended. Says so when somebody else reads for so long that the log
    /// grows; each time that it has grown to twice its length.
    pub(crate) fn check(&mut self, connection: &Connection, readers: &Readers) {
        let Some(log) = &self.log else { return };
        let now = Instant::now();
        if readers.are_waiting() {
            if readers.is_nobody() || now >= self.readers_until {
                fold(connection, self.looked_at);
                readers.let_wait(false);
            }
            return;
        }
        if now < self.next_look {
            return;
        }
        self.next_look = now + PAUSE;
        let length = std::fs::metadata(log).map_or(0, |log| log.len());
        if length < TOO_LONG {
            self.looked_at = 0;
            return;
        }
        if length / 2 < self.looked_at {
            return;
        }
        self.looked_at = length;
        if readers.is_nobody() {
            return fold(connection, length);
        }
        self.readers_until = now + READERS;
        readers.let_wait(true);
    }
}

/// Folds the log, as far as nobody reads it.
fn fold(connection: &Connection, length: u64) {
    match is_kept(connection) {
        Ok(false) => {}
        Ok(true) => tracing::warn!(
            mebibytes = length / (1024 * 1024),
            "somebody reads the database and does not end: its log grows as long as that goes on"
        ),
        // The next commit tells.
        Err(error) => tracing::warn!(%error, "the log of the database could not be folded into it"),
    }
}

/// The length of the log of a database, in bytes.
pub(crate) fn log_length(database: &Path) -> u64 {
    std::fs::metadata(beside(database, "-wal")).map_or(0, |log| log.len())
}

/// Whether a part of the log must stay, for somebody who reads. This waits for nobody.
fn is_kept(connection: &Connection) -> Result<bool> {
    connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |row| {
        Ok(row.get::<_, i64>(2)? < row.get::<_, i64>(1)?)
    })
}
