//! The end of a run, and what follows from it.

use std::sync::Arc;

use serde_json::value::RawValue;

use crate::engine::message::Notice;
use crate::engine::model::{RunEnd, RunKey};
use crate::engine::state::State;
use crate::engine::state::runs::Run;
use crate::engine::store::{Result, StoreError, to_json};
use crate::engine::tx::Tx;
use crate::engine::work::{Origin, Work};
use crate::event::{Cause, RawEnvelope};
use crate::event::{FAILURE_EVENT, FailureData, FailureError};
use crate::function::{Failure, Outcome, StepKind};

/// Ends a run: nothing of it happens from now on.
pub(crate) fn end(state: &mut State, tx: &mut Tx<'_>, key: RunKey, end: RunEnd) -> Result<()> {
    let Some(run) = state.load(tx, key)? else { return end_orphan(state, tx, key, end) };
    let has_undo = run.pending.iter().any(|pending| pending.kind == StepKind::Undo);
    let end = match (&run.undoing, end) {
        (None, end @ (RunEnd::Failed(_) | RunEnd::Cancelled(_))) if has_undo => {
            tx.push(Work::Undo { run: key, end });
            return Ok(());
        }
        // It is ending.
        (Some(_), RunEnd::Cancelled(_)) if has_undo => return Ok(()),
        (Some(first), why) => {
            let first = first.clone();
            if has_undo {
                leave_undone(tx, run, &why)?;
            }
            first
        }
        (None, end) => end,
    };
    let run = state.take_out(tx, key)?;
    tx.store.end_run(key, &end, run.started, tx.now)?;
    fail_point!("end-stored");
    state.runs.ended(key)?;
    state.forget_steps(tx, &run, |_| true)?;
    state.singletons.leave(&run);
    notice_end(tx, &run, &end);
    if let RunEnd::Failed(failure) = &end {
        tell_of_failure(state, tx, &run, failure)?;
    }
    if let Some(parent) = run.parent {
        tx.push(Work::Resolve { run: parent.run, step: parent.step, outcome: end.into_outcome() });
    }
    Ok(())
}

/// Notes that steps were not undone: nothing can be done for the run any more.
fn leave_undone(tx: &mut Tx<'_>, run: &Run, why: &RunEnd) -> Result<()> {
    let message = match why {
        RunEnd::Failed(failure) | RunEnd::Cancelled(failure) => &failure.message,
        RunEnd::Completed(_) => "the run has completed",
    };
    for (ord, pending) in
        (run.next_ord..).zip(run.pending.iter().filter(|pending| pending.kind == StepKind::Undo))
    {
        tracing::error!(run = &*run.id, step = &*pending.key, message, "a step is not undone");
        let outcome =
            Outcome::Failed(Failure::new(format!("it was not undone: {message}"), pending.attempts));
        tx.store.put_result(run.key, (&pending.key, StepKind::Undo), ord, &outcome, tx.now)?;
    }
    Ok(())
}

/// Ends a run whose function is not in the application, unless something that was queued before has ended it.
fn end_orphan(state: &mut State, tx: &mut Tx<'_>, key: RunKey, end: RunEnd) -> Result<()> {
    if tx.store.load_orphan(key)?.is_none() {
        return Ok(());
    }
    state.forget_waits(tx, key)?;
    if let Some(parent) = tx.store.end_orphan(key, &end, tx.now)? {
        tx.push(Work::Resolve { run: parent.run, step: parent.step, outcome: end.into_outcome() });
    }
    Ok(())
}

fn notice_end(tx: &mut Tx<'_>, run: &Run, end: &RunEnd) {
    let took_ms = tx.now.saturating_sub(run.started.unwrap_or(run.created));
    let (function, run) = (run.function, Arc::clone(&run.id));
    tx.notice(Notice::Ended { function, run, end: end.clone(), took_ms });
}

/// Starts the function that is told of failures, with an event that says what failed and why; in the same transaction, so
/// exactly once.
fn tell_of_failure(state: &mut State, tx: &mut Tx<'_>, run: &Run, failure: &Failure) -> Result<()> {
    let descriptor = state.rules[run.function].descriptor;
    let handler = descriptor.on_failure.and_then(|handler| state.rules.find(handler.id));
    // It may have none.
    let Some(function) = handler else { return Ok(()) };
    let raw = run.events.iter().map(|event| to_json(&**event)).collect::<Result<Vec<_>>>()?;
    let first = raw.first().cloned();
    let name = failure.typed.as_ref().map_or("Error", |typed| typed.name());
    let data = FailureData {
        function_id: descriptor.id.into(),
        run_id: run.id.as_ref().into(),
        error: FailureError { name: name.into(), message: failure.message.as_str().into() },
        event: first.ok_or_else(|| StoreError::broken("a run has an event"))?,
        events: raw,
    };
    let event = RawEnvelope {
        id: format!("{}-failed-{}", run.id, run.attempt),
        name: FAILURE_EVENT.to_owned(),
        data: to_json(&data)?,
        ts: tx.now,
        v: None,
        user: None,
        traceparent: run.events.first().and_then(|event| event.traceparent.clone()),
        cause: run.events.first().map(|event| Box::new(Cause::new(event, &run.id, None))),
        meta: run
            .events
            .first()
            .and_then(|event| state.application.meta.of_event(event))
            .map(RawValue::to_owned),
    };
    let events = vec![state.store_event(tx, event)?];
    tx.push(Work::Start { function, events, origin: Origin::Event });
    Ok(())
}
