//! The end of a run, and what follows from it.

use std::sync::Arc;

use serde_json::value::RawValue;

use super::accept::Incoming;
use super::admit::Origin;
use super::run::Run;
use super::store::{Parent, Result, RunEnd, RunKey};
use super::timers::Timer;
use super::{At, Core, Notice};
use crate::envelope::RawEnvelope;
use crate::event::{FAILURE_EVENT, FailureData, FailureError};
use crate::function::{Failure, Outcome, StepKind};

impl Core {
    /// Ends a run: nothing of it happens from now on.
    pub(super) fn end(&mut self, at: &mut At<'_>, key: RunKey, end: RunEnd) -> Result<()> {
        let Some(run) = self.take_out(at, key) else { return Ok(()) };
        at.store.end_run(key, &end, run.started, at.now)?;
        fail_point!("end-stored");
        self.open -= 1;
        self.forget_all(at, &run)?;
        self.leave_singleton(at, &run)?;
        Self::notice_end(at, &run, &end);
        if let RunEnd::Failed(failure) = &end {
            self.tell_of_failure(at, &run, failure)?;
        }
        match run.parent.clone() {
            Some(parent) => self.return_to(at, &parent, end),
            None => Ok(()),
        }
    }

    /// Nothing waits for anything of this run any more.
    fn forget_all(&mut self, at: &mut At<'_>, run: &Run) -> Result<()> {
        self.timers.clear(run.due, Timer::Run(run.key));
        for pending in &run.pending {
            self.timers.clear(pending.due, Timer::Run(run.key));
            at.store.drop_pending(run.key, &pending.key)?;
        }
        if let Some(deadline) = run.deadline {
            self.timers.clear(deadline, Timer::Deadline(run.key));
        }
        let waits = run.pending.iter().any(|pending| pending.kind == StepKind::Wait);
        if waits || !self.options(run.function).cancel_on.is_empty() {
            for wait in at.store.drop_waits(run.key)? {
                self.waits.remove(&wait);
            }
        }
        Ok(())
    }

    /// Another run of the singleton may start.
    fn leave_singleton(&mut self, at: &mut At<'_>, run: &Run) -> Result<()> {
        let Some(event) = run.events.first() else { return Ok(()) };
        let first = Incoming::new(0, Arc::clone(event));
        let Some(key) = self.singleton_key(run.function, &first) else { return Ok(()) };
        if self.flows.get(&key) == Some(&super::flow::FlowState::Singleton(run.key)) {
            self.drop_flow(at, &key)?;
        }
        Ok(())
    }

    fn notice_end(at: &mut At<'_>, run: &Run, end: &RunEnd) {
        let message = match end {
            RunEnd::Completed(_) => None,
            RunEnd::Failed(failure) | RunEnd::Cancelled(failure) => Some(failure.message.clone()),
        };
        let took_ms = at.now.saturating_sub(run.started.unwrap_or(run.created));
        at.notice(Notice::Ended {
            function: run.function,
            run: Arc::clone(&run.id),
            status: end.status(),
            message,
            took_ms,
        });
    }

    /// Starts the function that is told of failures, with an event that says what failed and why; in the same transaction,
    /// so exactly once.
    fn tell_of_failure(&mut self, at: &mut At<'_>, run: &Run, failure: &Failure) -> Result<()> {
        let Some(handler) = self.descriptor(run.function).on_failure else { return Ok(()) };
        let index = self.rules.iter().position(|rules| rules.descriptor.id == handler.id);
        let Some(function) = index.and_then(|index| u32::try_from(index).ok()) else { return Ok(()) };
        let raw: Vec<Box<RawValue>> =
            run.events.iter().filter_map(|event| serde_json::value::to_raw_value(&**event).ok()).collect();
        let data = FailureData {
            function_id: self.descriptor(run.function).id.into(),
            run_id: run.id.as_ref().into(),
            error: FailureError { name: "Error".into(), message: failure.message.as_str().into() },
            event: raw.first().cloned().unwrap_or_default(),
            events: raw,
        };
        let event = RawEnvelope {
            id: format!("{}-failed-{}", run.id, run.attempt),
            name: FAILURE_EVENT.to_owned(),
            data: serde_json::value::to_raw_value(&data).unwrap_or_default(),
            ts: at.now,
            v: None,
            user: None,
            traceparent: run.events.first().and_then(|event| event.traceparent.clone()),
        };
        let incoming = self.store_event(at, event)?;
        let events = vec![(incoming.key, Arc::clone(&incoming.event))];
        self.create(at, function, events, Origin::default()).map(drop)
    }

    /// Hands the end to the step that called the function.
    fn return_to(&mut self, at: &mut At<'_>, parent: &Parent, end: RunEnd) -> Result<()> {
        let outcome = match end {
            RunEnd::Completed(json) => Outcome::Value(json),
            RunEnd::Failed(failure) => {
                Outcome::Failed(Failure { attempts: failure.attempts.max(1), ..failure })
            }
            RunEnd::Cancelled(failure) => Outcome::Failed(Failure {
                message: format!("the function was cancelled: {}", failure.message),
                attempts: 1,
            }),
        };
        if self.load(at, parent.run)?.is_none() {
            return Ok(());
        }
        self.resolve(at, parent.run, &parent.step, outcome)?;
        self.unload_unchanged(parent.run);
        Ok(())
    }
}
