//! Signals: a step that waits is completed from outside, once, whether its wait has begun or not.

use std::sync::Arc;

use crate::engine::message::{Effect, Reply, ReplyId, SignalReply};
use crate::engine::model::{Pending, RunKey, SignalState};
use crate::engine::state::State;
use crate::engine::store::Result;
use crate::engine::tx::Tx;
use crate::engine::work::Work;
use crate::function::{Outcome, StepKind};
use crate::signal::Address;

/// Completes a signal, and replies what has become of it.
pub(crate) fn signal(
    state: &mut State,
    tx: &mut Tx<'_>,
    address: &Address,
    json: Arc<str>,
    reply: ReplyId,
) -> Result<()> {
    let answer = match tx.store.find_run(&address.run)? {
        None => SignalReply::Unknown,
        Some((run, status)) => match tx.store.signal(run, address.slot)? {
            Some(SignalState::Given(_) | SignalState::Used) => SignalReply::Used,
            Some(SignalState::Expired) => SignalReply::Expired,
            None if !status.is_open() => SignalReply::Ended,
            None => give(state, tx, run, address.slot, json)?,
        },
    };
    tx.effects.push(Effect::Reply(reply, Reply::Signal(answer)));
    Ok(())
}

/// Hands the payload to the step if it waits, and keeps it for the step else.
fn give(state: &mut State, tx: &mut Tx<'_>, run: RunKey, slot: u64, json: Arc<str>) -> Result<SignalReply> {
    let waiting = |pending: &&Pending| pending.kind == StepKind::Signal && pending.slot() == slot;
    let step = match state.load(tx, run)? {
        Some(run) => run.pending.iter().find(waiting).map(|pending| Arc::clone(&pending.key)),
        // Its function is not in the application.
        None => tx
            .store
            .load_orphan(run)?
            .and_then(|orphan| orphan.pending.iter().find(waiting).map(|pending| Arc::clone(&pending.key))),
    };
    match step {
        Some(step) => {
            tx.store.put_signal(run, slot, &SignalState::Used)?;
            tx.push(Work::Resolve { run, step, outcome: Outcome::Value(json) });
        }
        None => {
            tx.store.put_signal(run, slot, &SignalState::Given(json))?;
            state.unload_unchanged(run);
        }
    }
    Ok(SignalReply::Taken)
}
