//! SQLite's log: it is folded into the database when it is long, unless somebody reads.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rusqlite::{Connection, Result};

use super::files::beside;
use super::open::LOG_BYTES;

/// From this length on somebody must be in the way, or a single commit is very large.
const TOO_LONG: u64 = LOG_BYTES.unsigned_abs() / 4 * 5;

/// How often the length is looked at: whoever asks for it makes the next flush of the log dearer (Linux from 6.13 on).
const PAUSE: Duration = Duration::from_millis(100);

/// The length of the log, and when somebody was told of it.
#[derive(Debug)]
pub(crate) struct LogLength {
    /// `None` in memory.
    log: Option<PathBuf>,
    next_look: Instant,
    /// The length at which it was looked at last, in bytes.
    looked_at: u64,
}

impl LogLength {
    pub(super) fn of(database: &Path) -> Self {
        Self { log: Some(beside(database, "-wal")), next_look: Instant::now(), looked_at: 0 }
    }

    pub(super) fn none() -> Self {
        Self { log: None, next_look: Instant::now(), looked_at: 0 }
    }

    /// Says so when somebody reads for so long that the log grows; each time that it has grown to twice its length.
    pub(crate) fn check(&mut self, connection: &Connection) {
        let Some(log) = &self.log else { return };
        let now = Instant::now();
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
