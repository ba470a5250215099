//! Actions in bulk, and what has become of them.

use std::fmt;

use serde::Serialize;

use crate::embedded::EngineError;
use crate::engine::message::Command;

/// The action on every run that a filter selects. As a text: `cancel`, `retry`, `replay`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum BulkAction {
    /// It is cancelled: see [`Engine::cancel`](crate::embedded::Engine::cancel).
    Cancel,
    /// It failed or was cancelled, and goes on where it stood: see [`Engine::retry`](crate::embedded::Engine::retry).
    Retry,
    /// Another run starts with the same events: see [`Engine::replay`](crate::embedded::Engine::replay).
    Replay,
}

named!(BulkAction, "action in bulk", {
    Cancel => "cancel",
    Retry => "retry",
    Replay => "replay",
});

impl BulkAction {
    pub(crate) const fn command(self) -> Command {
        match self {
            Self::Cancel => Command::Cancel,
            Self::Retry => Command::Retry,
            Self::Replay => Command::Replay,
        }
    }
}

/// The most ids listed for each reason.
const LISTED: usize = 1_000;

/// The report of a bulk action.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct BulkReport {
    /// The action.
    pub action: BulkAction,
    /// The number of runs that were done.
    pub done: u64,
    /// The number of runs that were not.
    pub refused: u64,
    /// Why those were not.
    pub reasons: Vec<Refusal>,
}

/// Why runs were left as they are: one has ended meanwhile, say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Refusal {
    /// The reason.
    pub reason: String,
    /// The number of these runs.
    pub runs: u64,
    /// The ids of the first 1,000 of them.
    pub run_ids: Vec<String>,
}

impl BulkReport {
    pub(crate) const fn new(action: BulkAction) -> Self {
        Self { action, done: 0, refused: 0, reasons: Vec::new() }
    }

    /// The number of runs looked at.
    #[must_use]
    pub const fn runs(&self) -> u64 {
        self.done + self.refused
    }

    pub(crate) fn refuse(&mut self, run_id: String, reason: &str) {
        self.refused += 1;
        let index = self.reasons.iter().position(|refusal| refusal.reason == reason);
        let index = index.unwrap_or_else(|| {
            self.reasons.push(Refusal { reason: reason.to_owned(), runs: 0, run_ids: Vec::new() });
            self.reasons.len() - 1
        });
        let refusal = &mut self.reasons[index];
        refusal.runs += 1;
        if refusal.run_ids.len() < LISTED {
            refusal.run_ids.push(run_id);
        }
    }
}

/// `retry: 120 runs done, 3 not (2: it has completed; 1: there is no such run)`
impl fmt::Display for BulkReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} runs done, {} not", self.action, self.done, self.refused)?;
        for (index, Refusal { reason, runs, .. }) in self.reasons.iter().enumerate() {
            write!(f, "{}{runs}: {reason}", if index == 0 { " (" } else { "; " })?;
        }
        if self.reasons.is_empty() { Ok(()) } else { f.write_str(")") }
    }
}

/// The error of an action in bulk that did not come to its end, because the engine has stopped.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct BulkError {
    /// The report up to then. Of the 100 runs after those, some may have been done too.
    pub report: BulkReport,
    /// Why it has stopped.
    pub error: EngineError,
}

impl fmt::Display for BulkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}; then {}", self.report, self.error)
    }
}

impl std::error::Error for BulkError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.error)
    }
}
