//! Pause: the runs of a function begin nothing until it is resumed. Bodies that run end first, and are recorded.

use crate::engine::message::{Answer, Effect, Reply};
use crate::engine::model::FunctionIndex;
use crate::engine::state::State;
use crate::engine::store::Result;
use crate::engine::tx::Tx;

/// Pauses a function, or resumes it.
pub(crate) fn pause(state: &mut State, tx: &mut Tx<'_>, id: &str, pauses: bool) -> Result<Reply> {
    let Some(function) = state.rules.find(id) else { return Ok(Reply::NoFunction) };
    let is_new = if pauses { state.queue.pause(function) } else { state.queue.resume(function) };
    if is_new {
        tx.store.set_paused(function, pauses.then_some(tx.now))?;
    }
    if is_new && pauses {
        bring_to_a_rest(state, tx, function);
    }
    Ok(Reply::Paused(is_new))
}

/// Asks what executes of a function to begin nothing more. What is done then is [`State::step_aside`].
fn bring_to_a_rest(state: &State, tx: &mut Tx<'_>, function: FunctionIndex) {
    let executions = state.runs.executions_of(function).into_iter();
    tx.effects.extend(executions.map(|execution| Effect::Answer(execution, Answer::Drain)));
}
