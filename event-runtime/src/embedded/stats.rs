//! Counts: of this process, and of the database.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};

use serde::Serialize;

/// Counters of an engine since it started.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize)]
#[non_exhaustive]
pub struct Stats {
    /// Events that were stored.
    pub events: u64,
    /// Duplicate events, which started nothing.
    pub duplicates: u64,
    /// Runs that started or were resumed.
    pub runs_started: u64,
    /// Runs that completed.
    pub runs_completed: u64,
    /// Runs that failed for good.
    pub runs_failed: u64,
    /// Runs that were cancelled.
    pub runs_cancelled: u64,
    /// Events that started no run because of an option of the function: `rate_limit`, `idempotency`, `singleton`.
    pub skipped: u64,
    /// Executions of `step.run` bodies that have ended, counting every attempt.
    pub steps_run: u64,
    /// Retries, of steps and of functions.
    pub retries: u64,
    /// Whether the engine has died: see [`Engine::state`](super::Engine::state).
    pub has_failed: bool,
}

/// Counts of what the database holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize)]
#[non_exhaustive]
pub struct Totals {
    /// Events.
    pub events: u64,
    /// Runs, whatever their status.
    pub runs: u64,
    /// Runs that have not ended.
    pub open: u64,
    /// Runs that completed.
    pub completed: u64,
    /// Runs that failed for good.
    pub failed: u64,
    /// Runs that were cancelled.
    pub cancelled: u64,
    /// Recorded results of `step.run`, failures included.
    pub steps_recorded: u64,
}

/// `12 events; 7 runs started: 5 completed, 1 failed, 0 cancelled`, and so on.
impl fmt::Display for Stats {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} events and {} duplicates; {} runs started: {} completed, {} failed, {} cancelled; {} skipped; {} bodies of \
             steps, {} retries",
            self.events,
            self.duplicates,
            self.runs_started,
            self.runs_completed,
            self.runs_failed,
            self.runs_cancelled,
            self.skipped,
            self.steps_run,
            self.retries
        )
    }
}

/// `12 events; 7 runs: 1 open, 5 completed, 1 failed, 0 cancelled; 20 results of steps`
impl fmt::Display for Totals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { events, runs, open, completed, failed, cancelled, steps_recorded } = self;
        write!(
            f,
            "{events} events; {runs} runs: {open} open, {completed} completed, {failed} failed, {cancelled} cancelled; \
             {steps_recorded} results of steps"
        )
    }
}

/// The counters behind [`Stats`].
#[derive(Debug, Default)]
pub(super) struct Counters {
    pub(super) events: AtomicU64,
    pub(super) duplicates: AtomicU64,
    pub(super) runs_started: AtomicU64,
    pub(super) runs_completed: AtomicU64,
    pub(super) runs_failed: AtomicU64,
    pub(super) runs_cancelled: AtomicU64,
    pub(super) skipped: AtomicU64,
    pub(super) steps_run: AtomicU64,
    pub(super) retries: AtomicU64,
}

/// Counts one more.
pub(super) fn count(counter: &AtomicU64) {
    counter.fetch_add(1, Ordering::Relaxed);
}

impl Counters {
    pub(super) fn read(&self, has_failed: bool) -> Stats {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Stats {
            events: read(&self.events),
            duplicates: read(&self.duplicates),
            runs_started: read(&self.runs_started),
            runs_completed: read(&self.runs_completed),
            runs_failed: read(&self.runs_failed),
            runs_cancelled: read(&self.runs_cancelled),
            skipped: read(&self.skipped),
            steps_run: read(&self.steps_run),
            retries: read(&self.retries),
            has_failed,
        }
    }
}
