//! The end of a run, and what follows from it.

use std::sync::Arc;

use serde_json::value::RawValue;

use super::admission::Origin;
use super::event::Incoming;
use crate::engine::run::Run;
use crate::engine::state::timers::Timer;
use crate::engine::store::{Parent, Result, RunEnd, RunKey};
use crate::engine::{Engine, Notice, Tx};
use crate::envelope::RawEnvelope;
use crate::function::{FAILURE_EVENT, Failure, FailureData, FailureError, Outcome, StepKind};

impl Engine {
    /// Ends a run: nothing of it happens from now on.
    pub(crate) fn end(&mut self, tx: &mut Tx<'_>, key: RunKey, end: RunEnd) -> Result<()> {
        let Some(run) = self.take_out(tx, key) else { return Ok(()) };
        tx.store.end_run(key, &end, run.started, tx.now)?;
        fail_point!("end-stored");
        self.open -= 1;
        self.forget_all(tx, &run)?;
        self.leave_singleton(tx, &run)?;
        Self::notice_end(tx, &run, &end);
        if let RunEnd::Failed(failure) = &end {
            self.tell_of_failure(tx, &run, failure)?;
        }
        match run.parent.clone() {
            Some(parent) => self.return_to(tx, &parent, end),
            None => Ok(()),
        }
    }

    /// Nothing waits for anything of this run any more.
    fn forget_all(&mut self, tx: &mut Tx<'_>, run: &Run) -> Result<()> {
        self.timers.clear(run.due, Timer::Run(run.key));
        for pending in &run.pending {
            self.timers.clear(pending.due, Timer::Run(run.key));
            tx.store.drop_pending(run.key, &pending.key)?;
        }
        if let Some(deadline) = run.deadline {
            self.timers.clear(deadline, Timer::Deadline(run.key));
        }
        let waits = run.pending.iter().any(|pending| pending.kind == StepKind::Wait);
        if waits || !self.options(run.function).cancel_on.is_empty() {
            for wait in tx.store.drop_waits(run.key)? {
                self.waits.remove(&wait);
            }
        }
        Ok(())
    }

    /// Another run of the singleton may start.
    fn leave_singleton(&mut self, tx: &mut Tx<'_>, run: &Run) -> Result<()> {
        let Some(event) = run.events.first() else { return Ok(()) };
        let first = Incoming::new(0, Arc::clone(event));
        let Some(key) = self.singleton_key(run.function, &first) else { return Ok(()) };
        if self.flows.get(&key) == Some(&crate::engine::state::flow_control::FlowState::Singleton(run.key)) {
            self.drop_flow(tx, &key)?;
        }
        Ok(())
    }

    fn notice_end(tx: &mut Tx<'_>, run: &Run, end: &RunEnd) {
        let message = match end {
            RunEnd::Completed(_) => None,
            RunEnd::Failed(failure) | RunEnd::Cancelled(failure) => Some(failure.message.clone()),
        };
        let took_ms = tx.now.saturating_sub(run.started.unwrap_or(run.created));
        tx.notice(Notice::Ended {
            function: run.function,
            run: Arc::clone(&run.id),
            status: end.status(),
            message,
            took_ms,
        });
    }

    /// Starts the function that is told of failures, with an event that says what failed and why; in the same transaction,
    /// so exactly once.
    fn tell_of_failure(&mut self, tx: &mut Tx<'_>, run: &Run, failure: &Failure) -> Result<()> {
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
            ts: tx.now,
            v: None,
            user: None,
            traceparent: run.events.first().and_then(|event| event.traceparent.clone()),
        };
        let incoming = self.store_event(tx, event)?;
        let events = vec![(incoming.key, Arc::clone(&incoming.event))];
        self.create(tx, function, events, Origin::default()).map(drop)
    }

    /// Hands the end to the step that called the function.
    fn return_to(&mut self, tx: &mut Tx<'_>, parent: &Parent, end: RunEnd) -> Result<()> {
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
        if self.load(tx, parent.run)?.is_none() {
            return Ok(());
        }
        self.resolve(tx, parent.run, &parent.step, outcome)?;
        self.unload_unchanged(parent.run);
        Ok(())
    }
}
