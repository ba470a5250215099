//! The end of a run, and what follows from it.

use std::sync::Arc;

use serde_json::value::RawValue;

use crate::engine::message::Notice;
use crate::engine::model::{RunEnd, RunKey};
use crate::engine::state::State;
use crate::engine::state::runs::Run;
use crate::engine::state::timers::Timer;
use crate::engine::store::{Result, StoreError, to_json};
use crate::engine::tx::Tx;
use crate::engine::work::{Origin, Work};
use crate::event::{Cause, RawEnvelope};
use crate::event::{FAILURE_EVENT, FailureData, FailureError};
use crate::function::{Failure, StepKind};

/// Ends a run: nothing of it happens from now on.
pub(crate) fn end(state: &mut State, tx: &mut Tx<'_>, key: RunKey, end: RunEnd) -> Result<()> {
    if state.load(tx, key)?.is_none() {
        return end_orphan(state, tx, key, end);
    }
    let run = state.take_out(tx, key)?;
    tx.store.end_run(key, &end, run.started, tx.now)?;
    fail_point!("end-stored");
    state.runs.ended(key)?;
    forget_all(state, tx, &run)?;
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

/// Ends a run whose function is not in the application, unless something that was queued before has ended it.
fn end_orphan(state: &mut State, tx: &mut Tx<'_>, key: RunKey, end: RunEnd) -> Result<()> {
    if tx.store.load_orphan(key)?.is_none() {
        return Ok(());
    }
    forget_waits(state, tx, key)?;
    if let Some(parent) = tx.store.end_orphan(key, &end, tx.now)? {
        tx.push(Work::Resolve { run: parent.run, step: parent.step, outcome: end.into_outcome() });
    }
    Ok(())
}

/// Forgets whatever waits for something of a run.
fn forget_all(state: &mut State, tx: &mut Tx<'_>, run: &Run) -> Result<()> {
    state.timers.clear(run.due, Timer::Run(run.key));
    for pending in &run.pending {
        state.timers.clear(pending.due, Timer::Run(run.key));
        tx.store.drop_pending(run.key, &pending.key)?;
    }
    if let Some(deadline) = run.deadline {
        state.timers.clear(deadline, Timer::Deadline(run.key));
    }
    if run.is_watched || run.pending.iter().any(|pending| pending.kind == StepKind::Wait) {
        forget_waits(state, tx, run.key)?;
    }
    Ok(())
}

fn forget_waits(state: &mut State, tx: &mut Tx<'_>, key: RunKey) -> Result<()> {
    state.take_wakes(tx, key)?;
    for wait in tx.store.drop_waits(key)? {
        state.waits.remove(&wait);
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
