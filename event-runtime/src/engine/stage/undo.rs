//! Undoing: a run that has failed for good or was cancelled ends when the steps that brought an `undo` are undone, the last first.
//!
//! While it is open, such a step has one of the kind `Undo` beside it, without a result and without a time. It is what there is to do.

use std::sync::Arc;

use crate::backoff::Backoff;
use crate::engine::later;
use crate::engine::message::{AttemptError, Notice};
use crate::engine::model::{Pending, RunEnd, RunKey};
use crate::engine::state::State;
use crate::engine::state::timers::Timer;
use crate::engine::store::Result;
use crate::engine::tx::Tx;
use crate::engine::work::Work;
use crate::function::{Failure, Outcome, StepKind, StepOptions, undone_step};

/// Puts the end of a run off until its steps are undone. Nothing else of it happens from now on.
pub(crate) fn begin(state: &mut State, tx: &mut Tx<'_>, key: RunKey, end: &RunEnd) -> Result<()> {
    // Something that was queued before may have begun it, or ended the run.
    if state.load(tx, key)?.is_none_or(|run| run.undoing.is_some()) {
        return Ok(());
    }
    let run = state.take_out(tx, key)?;
    state.forget_steps(tx, &run, |pending| pending.kind != StepKind::Undo)?;
    state.singletons.leave(&run);
    tx.store.set_undoing(key, end, run.started, tx.now)?;
    fail_point!("undoing-stored");
    go_on(state, tx, key)
}

/// An execution has undone its step, or has failed to.
pub(crate) fn undone(
    state: &mut State,
    tx: &mut Tx<'_>,
    key: RunKey,
    undo: Arc<str>,
    result: std::result::Result<(), AttemptError>,
    options: StepOptions,
) -> Result<()> {
    if state.runs.get(key).is_none() {
        return Ok(());
    }
    let mut run = state.take_out(tx, key)?;
    let (function, id) = (run.function, Arc::clone(&run.id));
    let attempts = run.take_pending(&undo).map_or(0, |pending| pending.attempts) + 1;
    let outcome = match result {
        Ok(()) => Outcome::Value("null".into()),
        Err(error) => {
            let retries = options.retries.unwrap_or_else(|| state.rules[function].options().retries);
            if error.is_retriable && attempts <= u32::from(retries) {
                let backoff = options.backoff.unwrap_or(state.settings.backoff);
                let due = retry(state, tx, (key, Arc::clone(&undo), attempts), &error, backoff)?;
                let (step, message) = (undo, error.message);
                tx.notice(Notice::Retried { function, run: id, step, attempt: attempts, due, message });
                return Ok(());
            }
            tracing::error!(
                run = &*id,
                step = undone_step(&undo),
                error = error.message,
                "a step cannot be undone"
            );
            Outcome::Failed(Failure { message: error.message, attempts, typed: error.typed })
        }
    };
    if run.recoveries > 0 {
        tx.store.set_recoveries(key, 0)?;
    }
    tx.store.put_result(key, (&undo, StepKind::Undo), run.next_ord, &outcome, tx.now)?;
    let failure = match outcome {
        Outcome::Value(_) => None,
        Outcome::Failed(failure) => Some(failure.message),
    };
    tx.notice(Notice::Recorded { function, run: id, step: undo, kind: StepKind::Undo, failure });
    go_on(state, tx, key)
}

/// Lets the next step be undone, or ends the run.
fn go_on(state: &mut State, tx: &mut Tx<'_>, key: RunKey) -> Result<()> {
    let Some(run) = state.load(tx, key)? else { return Ok(()) };
    if run.next_undo().is_some() {
        return state.enqueue(tx, key);
    }
    // A result that was one too many was not recorded, and its step is not undone.
    for pending in run.pending.extract_if(.., |pending| pending.kind == StepKind::Undo) {
        tx.store.drop_pending(key, &pending.key)?;
    }
    if let Some(end) = run.undoing.clone() {
        tx.push(Work::End { run: key, end });
    }
    Ok(())
}

/// Undoes a step again after a while. Returns when.
fn retry(
    state: &mut State,
    tx: &mut Tx<'_>,
    (key, undo, attempts): (RunKey, Arc<str>, u32),
    error: &AttemptError,
    backoff: Backoff,
) -> Result<i64> {
    tx.store.put_failed_attempt(key, &undo, attempts, &error.message, tx.now)?;
    let delay = error.delay_ms.unwrap_or_else(|| backoff.delay_ms(attempts, tx.environment));
    let due = later(tx.now, delay);
    let pending = Pending { key: undo, kind: StepKind::Undo, attempts, due, wait: None };
    tx.store.put_pending(key, &pending, tx.now)?;
    state.timers.set(due, Timer::Run(key));
    Ok(due)
}
