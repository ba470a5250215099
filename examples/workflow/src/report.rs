//! The summary at the end.

use std::time::Duration;

use event_runtime::embedded::{Stats, Totals};
use serde::Serialize;

use crate::feed::{Fed, Rejected};

/// What happened, as one JSON object.
#[derive(Serialize)]
pub struct Summary {
    /// Lines with something in them.
    events: u64,
    /// Stored for the first time.
    accepted: u64,
    /// Stored before.
    duplicates: u64,
    /// Not stored, and why.
    rejected: Vec<Rejected>,
    /// Runs in the file.
    runs: u64,
    /// Of these, those that ran to their end.
    completed: u64,
    /// Of these, those that failed for good.
    failed: u64,
    /// Bodies of steps that this process executed.
    steps_run: u64,
    /// Results of such bodies in the file.
    steps_recorded: u64,
    /// Attempts of this process after a failed one.
    retries: u64,
    /// How long it took, in milliseconds.
    elapsed_ms: u128,
}

impl Summary {
    /// Puts it together.
    pub fn new(fed: Fed, stats: &Stats, totals: &Totals, elapsed: Duration) -> Self {
        Self {
            events: fed.events,
            accepted: fed.accepted,
            duplicates: fed.duplicates,
            rejected: fed.rejected,
            runs: totals.runs,
            completed: totals.completed,
            failed: totals.failed,
            steps_run: stats.steps_run,
            steps_recorded: totals.steps_recorded,
            retries: stats.retries,
            elapsed_ms: elapsed.as_millis(),
        }
    }

    /// For people.
    pub fn print(&self) {
        println!(
            "{} events: {} accepted, {} seen before, {} rejected",
            self.events,
            self.accepted,
            self.duplicates,
            self.rejected.len()
        );
        println!("{} runs in the database: {} completed, {} failed", self.runs, self.completed, self.failed);
        println!(
            "{} step bodies executed now ({} retries), {} results recorded, in {} ms",
            self.steps_run, self.retries, self.steps_recorded, self.elapsed_ms
        );
    }
}
