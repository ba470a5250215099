//! Executing one run: entering its function until it has returned, or has failed for good.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{oneshot, watch};

use super::engine::{Phase, Shared};
use super::entry::Entry;
use super::error::EngineError;
use super::stats::count;
use super::store::{OpenRun, RunEnd, Write};
use crate::function::{Error, Failure, FunctionDescriptor};

/// A run that is taken up so often after crashes, without progress between them, is held to be their cause.
const MAX_RECOVERIES: u32 = 10;

/// Executes a run to its end, or until the engine stops.
pub(super) async fn execute(shared: Arc<Shared>, run: OpenRun) {
    let descriptor = shared.core.functions[run.function].descriptor;
    let id = Arc::clone(&run.id);
    tracing::debug!(function = descriptor.id, run = &*id, "a run begins");
    if let Err(Parked) = Execution::new(shared, run, descriptor).execute().await {
        tracing::debug!(function = descriptor.id, run = &*id, "a run is parked");
    }
}

/// The engine stops, or its store has failed: the run is taken up at the next start.
pub(super) struct Parked;

impl From<EngineError> for Parked {
    fn from(_: EngineError) -> Self {
        Self
    }
}

/// A run and its function.
pub(super) struct Execution {
    pub(super) shared: Arc<Shared>,
    pub(super) run: OpenRun,
    pub(super) descriptor: &'static FunctionDescriptor,
    pub(super) phase: watch::Receiver<Phase>,
}

impl Execution {
    fn new(shared: Arc<Shared>, run: OpenRun, descriptor: &'static FunctionDescriptor) -> Self {
        count(&shared.counters.runs_started);
        let phase = shared.phase.subscribe();
        Self { shared, run, descriptor, phase }
    }

    async fn execute(mut self) -> Result<(), Parked> {
        if let Some(recoveries) = self.run.recoveries {
            if recoveries >= MAX_RECOVERIES {
                let message = format!("the process died {recoveries} times while it executed this run");
                return self.end(RunEnd::Failed(Failure { message, attempts: recoveries })).await;
            }
            // On disk before the function gets a chance to bring the process down again.
            self.note(Write::Recover { run: self.run.key }).await?;
        }
        loop {
            let result = Entry::new(&mut self).drive().await?;
            let error = match result {
                Ok(output) => return self.end(RunEnd::Completed(output)).await,
                Err(error) => error,
            };
            self.run.attempt += 1;
            if !error.is_retriable() || self.run.attempt > u32::from(self.descriptor.options.retries) {
                let failure = Failure { message: error.to_string(), attempts: self.run.attempt };
                return self.end(RunEnd::Failed(failure)).await;
            }
            self.wait_for_the_next_attempt(&error).await?;
        }
    }

    async fn wait_for_the_next_attempt(&mut self, error: &Error) -> Result<(), Parked> {
        let due = self.next_attempt(error, self.run.attempt);
        tracing::info!(function = self.descriptor.id, run = &*self.run.id, %error, "a function failed and is tried again");
        self.note(Write::Retry { run: self.run.key, attempt: self.run.attempt, due }).await?;
        loop {
            let now = self.shared.environment.now_ms();
            if due <= now {
                count(&self.shared.counters.retries);
                return Ok(());
            }
            let wait = Duration::from_millis(due.saturating_sub(now).clamp(1, 60_000).unsigned_abs());
            tokio::select! {
                () = tokio::time::sleep(wait) => {}
                _ = self.phase.wait_for(|phase| *phase > Phase::Running) => return Err(Parked),
            }
        }
    }

    /// When the next attempt is due after `failed` attempts.
    pub(super) fn next_attempt(&self, error: &Error, failed: u32) -> i64 {
        let environment = &self.shared.environment;
        let delay = match error.delay() {
            Some(delay) => u64::try_from(delay.as_millis()).unwrap_or(u64::MAX),
            None => self.shared.backoff.delay_ms(failed, environment),
        };
        later(environment.now_ms(), delay)
    }

    /// Whether the engine stops: nothing new is begun.
    pub(super) fn is_stopping(&self) -> bool {
        *self.phase.borrow() > Phase::Running
    }

    async fn end(self, end: RunEnd) -> Result<(), Parked> {
        let counters = &self.shared.counters;
        let counter = match &end {
            RunEnd::Completed(_) => &counters.runs_completed,
            RunEnd::Failed(failure) => {
                let (function, run) = (self.descriptor.id, &*self.run.id);
                tracing::warn!(function, run, error = failure.message, "a run failed for good");
                &counters.runs_failed
            }
        };
        self.note(Write::End { run: self.run.key, end }).await?;
        count(counter);
        self.shared.open.send_modify(|open| *open -= 1);
        Ok(())
    }

    /// Writes something about the run itself, and waits until it is on disk.
    async fn note(&self, write: Write) -> Result<(), Parked> {
        let (ack, acked) = oneshot::channel();
        self.shared.store.write(write, move |written| {
            // The run may have been dropped meanwhile: what is on disk is found at the next start.
            let _ = ack.send(written.map(drop));
        });
        Ok(acked.await.unwrap_or(Err(EngineError::Closed))?)
    }
}

/// So many milliseconds after a time.
pub(super) fn later(time: i64, milliseconds: u64) -> i64 {
    time.saturating_add_unsigned(milliseconds)
}
