//! The readers of the database, beside the writer.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::watch;

/// How often a reader that waits wakes the writer, and how many times: a little longer than the writer waits for readers.
const PAUSE: Duration = Duration::from_millis(20);
const PAUSES: u32 = 60;

/// Counts who reads. SQLite folds the end of its log only while nobody reads, and there may always be somebody: so when the log is
/// long, new readers wait for a moment, until those who read have ended. The writer waits for nobody.
#[derive(Debug, Default)]
pub(super) struct Readers {
    active: AtomicUsize,
    waits: watch::Sender<bool>,
}

/// Somebody who reads, until it is dropped.
#[derive(Debug)]
pub(super) struct Reading(Arc<Readers>);

impl Readers {
    /// Begins to read, once the log is folded, or after a moment. `wake` wakes the writer, who may have nothing else to do.
    pub(super) async fn begin(self: Arc<Self>, wake: impl Fn()) -> Reading {
        let mut waits = self.waits.subscribe();
        for _ in 0..PAUSES {
            if !self.are_waiting() {
                break;
            }
            wake();
            // Whether it was folded or not: in the end the page is due.
            let _ = tokio::time::timeout(PAUSE, waits.wait_for(|waits| !waits)).await;
        }
        self.active.fetch_add(1, Ordering::SeqCst);
        Reading(self)
    }

    /// Whether new readers wait.
    pub(super) fn are_waiting(&self) -> bool {
        *self.waits.borrow()
    }

    /// Whether nobody reads.
    pub(super) fn is_nobody(&self) -> bool {
        self.active.load(Ordering::SeqCst) == 0
    }

    /// Lets new readers wait, or go on.
    pub(super) fn let_wait(&self, waits: bool) {
        self.waits.send_replace(waits);
    }
}

impl Drop for Reading {
    fn drop(&mut self) {
        self.0.active.fetch_sub(1, Ordering::SeqCst);
    }
}
