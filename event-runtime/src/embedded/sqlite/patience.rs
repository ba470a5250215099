//! Patience with other connections: whoever holds the write lock of the database is waited for as long as it takes.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use rusqlite::{Connection, Result};

/// The pause between two attempts to get the lock.
const PAUSE: Duration = Duration::from_millis(10);

/// After so long somebody is told, and then each time that it has taken twice as long.
const TELL_AFTER: Duration = Duration::from_secs(1);

/// Whether nobody wants the lock any more: asked between two attempts to get it.
#[derive(Debug, Clone, Default)]
pub(crate) struct GivesUp(Arc<AtomicBool>);

impl GivesUp {
    /// Nobody wants the lock any more: what waits for it fails.
    pub(crate) fn set(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    pub(crate) fn get(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// From now on a connection waits for others, and says so.
pub(super) fn be_patient(connection: &mut Connection, database: PathBuf, gives_up: GivesUp) -> Result<()> {
    let (mut since, mut tell_after) = (Instant::now(), TELL_AFTER);
    let wait = move |attempts_before: i32| {
        if attempts_before == 0 {
            (since, tell_after) = (Instant::now(), TELL_AFTER);
        }
        let so_far = since.elapsed();
        if so_far >= tell_after {
            tell_after = so_far * 2;
            let (database, seconds) = (database.display(), so_far.as_secs());
            tracing::warn!(%database, seconds, "another connection has locked the database: the engine waits");
        }
        std::thread::sleep(PAUSE);
        !gives_up.get()
    };
    connection.busy_handler(Some(wait))
}

/// From now on a connection waits for nobody.
pub(super) fn be_impatient(connection: &Connection) -> Result<()> {
    connection.busy_timeout(Duration::ZERO)
}
