//! Patience with other connections: whoever holds the write lock of the database is waited for as long as it takes.

use std::cell::RefCell;
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

thread_local! {
    /// The patience of the connection of this thread. It is not kept with the connection: the handlers of the versions of
    /// `rusqlite` that go together with `sqlx` are plain functions.
    static PATIENCE: RefCell<Option<Patience>> = const { RefCell::new(None) };
}

/// A wait for whoever holds the lock.
struct Patience {
    database: PathBuf,
    gives_up: GivesUp,
    since: Instant,
    tell_after: Duration,
}

impl Patience {
    /// Pauses, and tells whether to try again.
    fn pause(&mut self, attempts_before: i32) -> bool {
        if attempts_before == 0 {
            (self.since, self.tell_after) = (Instant::now(), TELL_AFTER);
        }
        let so_far = self.since.elapsed();
        if so_far >= self.tell_after {
            self.tell_after = so_far * 2;
            let (database, seconds) = (self.database.display(), so_far.as_secs());
            tracing::warn!(%database, seconds, "another connection has locked the database: the engine waits");
        }
        std::thread::sleep(PAUSE);
        !self.gives_up.get()
    }
}

/// From now on a connection waits for others, and says so. It must stay on this thread, and be the only patient one there.
pub(super) fn be_patient(connection: &mut Connection, database: PathBuf, gives_up: GivesUp) -> Result<()> {
    let patience = Patience { database, gives_up, since: Instant::now(), tell_after: TELL_AFTER };
    PATIENCE.set(Some(patience));
    let wait: fn(i32) -> bool = |attempts_before| {
        PATIENCE.with_borrow_mut(|patience| {
            patience.as_mut().is_some_and(|patience| patience.pause(attempts_before))
        })
    };
    connection.busy_handler(Some(wait))
}

/// From now on a connection waits for nobody.
pub(super) fn be_impatient(connection: &Connection) -> Result<()> {
    connection.busy_timeout(Duration::ZERO)
}
