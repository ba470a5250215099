//! Calls from outside: an event starts one function, and whoever calls learns which run that is.

use std::sync::Arc;

use crate::engine::message::{Effect, Notice, Reply, ReplyId};
use crate::engine::model::EventView;
use crate::engine::state::State;
use crate::engine::store::{Result, StoreError};
use crate::engine::tx::Tx;
use crate::engine::work::{Origin, Work};
use crate::event::RawEnvelope;

/// Starts a function with an event that nobody else learns of. With the id of an event that has started it before, the reply is
/// that run.
pub(crate) fn call(
    state: &mut State,
    tx: &mut Tx<'_>,
    function: &str,
    event: RawEnvelope,
    reply: ReplyId,
) -> Result<()> {
    let function = state.rules.find(function);
    let function = function.ok_or_else(|| StoreError::broken("a function that is called is listed"))?;
    if let Some(stored) = state.find_accepted(tx, &event.id)? {
        tx.notice(Notice::Duplicate);
        let run = tx.store.find_run_of(stored, function)?;
        tx.effects.push(Effect::Reply(reply, run.map_or(Reply::Duplicate, Reply::Run)));
        return Ok(());
    }
    let event = Arc::new(event);
    let rules = state.rules();
    if state.is_kept_away(tx, &rules[function], &EventView::new(Arc::clone(&event))) {
        tx.notice(Notice::Skipped { function, event: event.id.as_str().into(), by: "singleton" });
        tx.effects.push(Effect::Reply(reply, Reply::Skipped("singleton")));
        return Ok(());
    }
    let events = vec![state.store_event(tx, event)?];
    tx.push(Work::Start { function, events, origin: Origin::Call(reply) });
    Ok(())
}
