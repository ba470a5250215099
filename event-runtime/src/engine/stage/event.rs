//! Events: each is stored once, and wakes or cancels the runs that wait for it.

use std::sync::Arc;

use crate::client::Receipt;
use crate::engine::expression::ExpressionPlace;
use crate::engine::message::Notice;
use crate::engine::model::{EventView, RunEnd, WaitKey};
use crate::engine::state::State;
use crate::engine::store::{Result, to_json};
use crate::engine::tx::Tx;
use crate::engine::work::{Record, Work};
use crate::event::RawEnvelope;
use crate::function::Outcome;

/// Accepts an event, unless one with its id was accepted within the window of deduplication.
pub(crate) fn accept(state: &mut State, tx: &mut Tx<'_>, event: RawEnvelope) -> Result<Receipt> {
    let id = event.id.clone();
    let since = tx.now.saturating_sub(state.settings.dedupe_window_ms).saturating_add(1);
    if tx.store.find_event(&id, since)?.is_some() {
        tx.notice(Notice::Duplicate);
        return Ok(Receipt { id, duplicate: true });
    }
    let stored = state.store_event(tx, event)?;
    fail_point!("event-stored");
    let event = EventView::new(stored.event);
    wake_waits(state, tx, &event)?;
    tx.push(Work::Admit { key: stored.key, event });
    Ok(Receipt { id, duplicate: false })
}

/// Accepts the next of the events that a step sends. What follows from it comes before the next one, and the record of the
/// step after the last.
pub(crate) fn publish(
    state: &mut State,
    tx: &mut Tx<'_>,
    mut events: std::vec::IntoIter<RawEnvelope>,
    then: Record,
) -> Result<()> {
    if let Some(event) = events.next() {
        accept(state, tx, event)?;
    }
    tx.push(if events.len() == 0 { Work::Record(then) } else { Work::Publish { events, then } });
    Ok(())
}

/// Finds the runs that wait for an event, and those that it cancels.
fn wake_waits(state: &mut State, tx: &mut Tx<'_>, event: &EventView) -> Result<()> {
    for wait in state.waits.candidates(&event.event.name, || event.value().clone()) {
        // Its function may not be in the application.
        if state.load(tx, wait.run)?.is_none() {
            continue;
        }
        let work = if wait.is_cancellation() {
            cancelled(state, tx, wait, event)?
        } else {
            resolved(state, tx, wait, event)?
        };
        match work {
            Some(work) => tx.push(work),
            None => state.unload_unchanged(wait.run),
        }
    }
    Ok(())
}

/// The result of a step that waits for an event, if it is this one.
fn resolved(state: &mut State, tx: &mut Tx<'_>, wait: WaitKey, event: &EventView) -> Result<Option<Work>> {
    let run = state.runs.find(wait.run)?;
    // Another result of the step may be on its way already.
    let Some(pending) = run.pending.iter().find(|pending| pending.slot() == wait.slot) else {
        return Ok(None);
    };
    // Hashes of two keys may be equal, and one of them of another kind.
    let Some(spec) = pending.wait.as_ref().filter(|spec| *spec.event == *event.event.name) else {
        return Ok(None);
    };
    let own = run.events.first().map(|own| EventView::new(Arc::clone(own)));
    let events = (own.as_ref(), event);
    let holds = (state.expressions).holds(spec.condition.as_deref(), events, |problem| {
        let place = ExpressionPlace::Matching;
        tx.notice(state.rules[run.function].no_value(place, event, problem));
    });
    if !holds {
        return Ok(None);
    }
    let outcome = Outcome::Value(to_json(&*event.event)?.get().into());
    Ok(Some(Work::Resolve { run: wait.run, step: Arc::clone(&pending.key), outcome }))
}

/// The end of a run, if an event cancels it.
fn cancelled(state: &mut State, tx: &mut Tx<'_>, wait: WaitKey, event: &EventView) -> Result<Option<Work>> {
    // Of a database of format 1 the terms may not be known.
    let Some(terms) = tx.store.cancellation(wait)? else { return Ok(None) };
    let run = state.runs.find(wait.run)?;
    let own = run.events.first().map(|own| EventView::new(Arc::clone(own)));
    // What happened before the run's own event says nothing about it. A run of the future can be cancelled from now on.
    let since = own.as_ref().map_or(run.created, |own| own.event.ts.min(run.created));
    if terms.until.is_some_and(|until| tx.now > until) || event.event.ts < since {
        return Ok(None);
    }
    let events = (own.as_ref(), event);
    let holds = (state.expressions).holds(terms.condition.as_deref(), events, |problem| {
        let place = ExpressionPlace::CancelOn;
        tx.notice(state.rules[run.function].no_value(place, event, problem));
    });
    if !holds {
        return Ok(None);
    }
    let end = RunEnd::cancelled(format!("cancelled by the event `{}`", event.event.name));
    Ok(Some(Work::End { run: wait.run, end }))
}
