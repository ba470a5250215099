//! Logging: an event of `tracing` for each event sent, and for the beginning and the end of each execution and attempt.

use std::time::Instant;

use super::{Execution, Failure, Middleware, Next, Running, SentEvent, StepAttempt};
use crate::function::Result;

/// Logs with [`tracing`] what functions and steps do: at `DEBUG` each event that is sent, and the beginning and the end of each
/// execution and each attempt of a body, with the time that it took; at `WARN` failed attempts. It never logs payloads or
/// results.
///
/// The hosts open the spans `run`, `step` and `event` without it: what is logged here stands in them.
#[derive(Debug, Clone, Copy, Default)]
#[non_exhaustive]
pub struct Logging;

impl Logging {
    /// Logs.
    #[must_use]
    pub const fn new() -> Self {
        Self
    }
}

impl Middleware for Logging {
    fn send(&self, event: &mut SentEvent<'_>) -> Result<()> {
        tracing::debug!(name = event.name, id = event.id, bytes = event.data.get().len(), "an event is sent");
        Ok(())
    }

    fn function<'a>(&'a self, execution: &'a Execution, next: Next<'a, Execution>) -> Running<'a> {
        Box::pin(async move {
            let began = Instant::now();
            let (function, run) = (execution.function.id, &*execution.run_id);
            tracing::debug!(function, run, attempt = execution.attempt, "an execution begins");
            let result = next.run().await;
            tracing::debug!(function, run, ok = result.is_ok(), elapsed = ?began.elapsed(), "the function has returned");
            result
        })
    }

    fn step<'a>(&'a self, attempt: &'a StepAttempt, next: Next<'a, StepAttempt>) -> Running<'a> {
        Box::pin(async move {
            let began = Instant::now();
            let step = &*attempt.id;
            tracing::debug!(step, attempt = attempt.attempt, "a body begins");
            let result = next.run().await;
            tracing::debug!(step, ok = result.is_ok(), elapsed = ?began.elapsed(), "a body has ended");
            result
        })
    }

    fn failed(&self, failure: &Failure<'_>) {
        let Failure { execution, step, attempt, error, is_final, .. } = failure;
        let (function, run) = (execution.function.id, &*execution.run_id);
        tracing::warn!(function, run, step, attempt, is_final, %error, "an attempt has failed");
    }
}
