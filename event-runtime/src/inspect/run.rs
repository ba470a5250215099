//! A run and its steps, as they are listed.

use std::fmt;
use std::time::SystemTime;

use serde::Serialize;

use super::{EventInfo, text};
use crate::function::StepKind;

/// The status of a run. As a text: `open`, `waiting`, `completed`, `failed`, `cancelled`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RunStatus {
    /// It is executing, or is queued.
    Open,
    /// It is waiting for a time, an event or another run, in memory or on disk.
    Waiting,
    /// It returned.
    Completed,
    /// It failed for good.
    Failed,
    /// It was cancelled.
    Cancelled,
}

named!(RunStatus, "status of a run", {
    Open => "open",
    Waiting => "waiting",
    Completed => "completed",
    Failed => "failed",
    Cancelled => "cancelled",
});

/// A run. In JSON `output` is the value itself.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[non_exhaustive]
pub struct RunInfo {
    /// Its id.
    pub id: String,
    /// The id of its function.
    pub function_id: String,
    /// Its status.
    pub status: RunStatus,
    /// The id of the event that started it; of a batch, the first event.
    pub event_id: Option<String>,
    /// The name of that event.
    pub event_name: Option<String>,
    /// The [key](crate::key) of that event, if it has one; of several fields with a comma between them.
    pub key: Option<String>,
    /// Failed attempts of the function itself.
    pub attempt: u32,
    /// When its event was accepted.
    #[serde(serialize_with = "text::time")]
    pub created: SystemTime,
    /// When it first executed. May be missing while the run is still executing.
    #[serde(serialize_with = "text::maybe_time")]
    pub started: Option<SystemTime>,
    /// When it ended.
    #[serde(serialize_with = "text::maybe_time")]
    pub ended: Option<SystemTime>,
    /// What it returned, as JSON.
    #[serde(serialize_with = "text::maybe_json")]
    pub output: Option<String>,
    /// Why it failed or was cancelled.
    pub error: Option<String>,
    /// The id of the run that this one replays.
    pub replay_of: Option<String>,
    /// Why this build cannot resume it: its event, or the version of the payload, is unknown here. The run stays open until a
    /// build that knows them resumes it.
    pub held: Option<String>,
}

/// Another run that has to do with one.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[non_exhaustive]
pub struct RunLink {
    /// Its id.
    pub id: String,
    /// The id of its function.
    pub function_id: String,
    /// Its status.
    pub status: RunStatus,
    /// The id of the step that has started it, or waits for it.
    pub step: Option<String>,
}

/// ``run 01K.. of `order-placed-packing`: failed, no luck``
impl fmt::Display for RunInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { id, function_id, status, error, .. } = self;
        write!(f, "run {id} of `{function_id}`: {status}")?;
        error.iter().try_for_each(|error| write!(f, ", {error}"))
    }
}

/// The open runs of a function that the application does not list. They wait until it is listed again, or until another takes
/// them over with `#[function(was = "..")]`; [`Engine::cancel`](crate::embedded::Engine::cancel) ends one.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[non_exhaustive]
pub struct Orphans {
    /// The id of the function.
    pub function_id: String,
    /// The number of its runs that have not ended.
    pub open_runs: u64,
}

/// `` `order-placed-packing`: 3 open runs``
impl fmt::Display for Orphans {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`: {} open runs", self.function_id, self.open_runs)
    }
}

/// A run with its steps. In JSON `run` is an object of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct RunDetails {
    /// The run.
    pub run: RunInfo,
    /// The event that started it; of a batch, the first. `None` if it was pruned.
    pub event: Option<EventInfo>,
    /// The ids of the events of a batch, in their order; empty if it is none.
    pub batch: Vec<String>,
    /// The file and line of its function, `src/mail.rs:17`; `None` if the application does not list it.
    pub source: Option<String>,
    /// For a run that has neither ended nor begun: when its next attempt, or its start, is due.
    #[serde(serialize_with = "text::maybe_time")]
    pub due: Option<SystemTime>,
    /// When it is cancelled unless it has begun, or ended: the option `timeouts`.
    #[serde(serialize_with = "text::maybe_time")]
    pub deadline: Option<SystemTime>,
    /// The run whose step waits for this one.
    pub parent: Option<RunLink>,
    /// The runs that its steps have started.
    pub children: Vec<RunLink>,
    /// The runs that replay it.
    pub replays: Vec<RunLink>,
    /// Its steps: those with a result in the order of the results, then the others.
    pub steps: Vec<StepInfo>,
    /// The attempts that failed, in chronological order.
    pub failures: Vec<FailedAttempt>,
}

/// The run, and a line for each step and each failed attempt.
impl fmt::Display for RunDetails {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.run)?;
        self.steps.iter().try_for_each(|step| write!(f, "\n  {step}"))?;
        self.failures.iter().try_for_each(|failure| write!(f, "\n  {failure}"))
    }
}

/// A step of a run. In JSON `output` is the value itself.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[non_exhaustive]
pub struct StepInfo {
    /// Its id, numbered if the id is used again: `mail:1`.
    pub id: String,
    /// What kind of step it is.
    pub kind: StepKind,
    /// Its result, as JSON.
    #[serde(serialize_with = "text::maybe_json")]
    pub output: Option<String>,
    /// Why it failed for good.
    pub error: Option<String>,
    /// For a step without a result: when it ends, times out or is retried.
    #[serde(serialize_with = "text::maybe_time")]
    pub due: Option<SystemTime>,
    /// When it was last written.
    #[serde(serialize_with = "text::time")]
    pub at: SystemTime,
    /// When it began, as far as that is known: a step that waits is noted when it begins. The body of a step is noted when its
    /// first attempt has ended; until then this is when the result before it was recorded.
    #[serde(serialize_with = "text::maybe_time")]
    pub began: Option<SystemTime>,
    /// Attempts of a body that failed.
    pub failed_attempts: u32,
    /// The name of the event that it waits for.
    pub waits_for: Option<String>,
    /// The expression that must hold for that event.
    pub matching: Option<String>,
}

/// ``run `mail`: failed, no luck``
impl fmt::Display for StepInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} `{}`: ", self.kind, self.id)?;
        match (&self.error, &self.output) {
            (Some(error), _) => write!(f, "failed, {error}"),
            (None, Some(_)) => f.write_str("done"),
            (None, None) => f.write_str("open"),
        }
    }
}

/// An attempt that failed, and was followed by another.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[non_exhaustive]
pub struct FailedAttempt {
    /// The id of the step; `None` for the function itself.
    pub step: Option<String>,
    /// The number of the attempt, from 1.
    pub attempt: u32,
    /// The message of its error.
    pub message: String,
    /// When it failed.
    #[serde(serialize_with = "text::time")]
    pub at: SystemTime,
}

/// ``attempt 1 of `mail` failed: no luck``
impl fmt::Display for FailedAttempt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { step, attempt, message, .. } = self;
        match step {
            Some(step) => write!(f, "attempt {attempt} of `{step}` failed: {message}"),
            None => write!(f, "attempt {attempt} of the function failed: {message}"),
        }
    }
}
