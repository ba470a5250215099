//! Events: each is stored once, and wakes or cancels the runs that wait for it.

use std::sync::Arc;

use crate::client::Receipt;
use crate::engine::expression::ExpressionPlace;
use crate::engine::message::Notice;
use crate::engine::model::{
    EventView, FunctionIndex, Pending, RunEnd, RunKey, StoredEvent, WaitKey, WakeRow,
};
use crate::engine::state::State;
use crate::engine::state::wakes::Wake;
use crate::engine::store::{Result, to_json};
use crate::engine::tx::Tx;
use crate::engine::work::{Record, Work};
use crate::event::RawEnvelope;
use crate::function::Outcome;

/// Accepts an event, unless one with its id was accepted within the window of deduplication.
pub(crate) fn accept(state: &mut State, tx: &mut Tx<'_>, event: RawEnvelope) -> Result<Receipt> {
    let id = event.id.clone();
    if state.find_accepted(tx, &id)?.is_some() {
        tx.notice(Notice::Duplicate);
        return Ok(Receipt { id, duplicate: true });
    }
    let stored = state.store_event(tx, event)?;
    fail_point!("event-stored");
    let event = EventView::new(Arc::clone(&stored.event));
    wake_waits(state, tx, &stored, &event)?;
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

/// What an event must know of a run that may wait for it.
struct Waiter {
    /// The event that has started the run.
    own: Option<EventView>,
    created: i64,
    /// The step that waits.
    pending: Option<Pending>,
    /// Its function, if it is in the application.
    function: Option<FunctionIndex>,
}

impl Waiter {
    /// Reads it; `None` when the run has ended. A run whose function is not in the application waits like any other.
    fn read(state: &mut State, tx: &mut Tx<'_>, wait: WaitKey) -> Result<Option<Self>> {
        let is_it = |pending: &&Pending| pending.slot() == wait.slot;
        if let Some(run) = state.load(tx, wait.run)? {
            let pending = run.pending.iter().find(is_it).cloned();
            let own = run.events.first().map(|own| EventView::new(Arc::clone(own)));
            return Ok(Some(Self { own, created: run.created, pending, function: Some(run.function) }));
        }
        let Some(orphan) = tx.store.load_orphan(wait.run)? else { return Ok(None) };
        // Nobody has looked at its time.
        let pending = orphan.pending.iter().find(is_it).filter(|pending| pending.due > tx.now).cloned();
        let own = Some(EventView::new(orphan.event));
        Ok(Some(Self { own, created: orphan.created, pending, function: None }))
    }

    /// Whether a condition, if there is one, holds for an event that has come.
    fn accepts(
        &self,
        state: &mut State,
        tx: &mut Tx<'_>,
        (place, condition): (ExpressionPlace, Option<&str>),
        event: &EventView,
    ) -> bool {
        let events = (self.own.as_ref(), event);
        state.expressions.holds(condition, events, |problem| {
            if let Some(function) = self.function {
                tx.notice(state.rules[function].no_value(place, event, problem));
            }
        })
    }
}

/// Wakes the runs that wait for an event, and cancels those that it cancels. If they are many, it reaches them a part at a time.
fn wake_waits(state: &mut State, tx: &mut Tx<'_>, stored: &StoredEvent, event: &EventView) -> Result<()> {
    let waits = state.waits.candidates(&event.event.name, || event.value().clone());
    let part = state.settings.wake_part;
    if waits.len() > part {
        for (part, waits) in (0..).zip(waits.chunks(part)) {
            let row = WakeRow { event: stored.key, part, waits: waits.to_vec() };
            tx.store.put_wake(&row)?;
            state.wakes.push(Wake { event: Arc::clone(&stored.event), row });
        }
        return Ok(());
    }
    for wait in waits {
        if state.wakes.concern(wait.run) {
            reach_first(state, tx, wait.run)?;
        }
        reach(state, tx, wait, event)?;
    }
    Ok(())
}

/// Lets an event that many wait for reach the next of them. Whether there were any.
pub(crate) fn reach_part(state: &mut State, tx: &mut Tx<'_>) -> Result<bool> {
    let Some(Wake { event, row }) = state.wakes.pop() else { return Ok(false) };
    fail_point!("part-reached");
    tx.store.put_wake(&WakeRow { waits: Vec::new(), ..row })?;
    let event = EventView::new(event);
    for wait in row.waits {
        reach(state, tx, wait, &event)?;
    }
    Ok(true)
}

/// Lets the events reach a run that are on their way to it.
pub(crate) fn reach_first(state: &mut State, tx: &mut Tx<'_>, run: RunKey) -> Result<()> {
    for (event, wait) in state.take_wakes(tx, run)? {
        reach(state, tx, wait, &EventView::new(event))?;
    }
    Ok(())
}

/// Lets an event reach a run that may wait for it, or be cancelled by it.
fn reach(state: &mut State, tx: &mut Tx<'_>, wait: WaitKey, event: &EventView) -> Result<()> {
    let Some(waiter) = Waiter::read(state, tx, wait)? else { return Ok(()) };
    let work = if wait.is_cancellation() {
        cancelled(state, tx, wait, &waiter, event)?
    } else {
        resolved(state, tx, wait, &waiter, event)?
    };
    match work {
        Some(work) => tx.push(work),
        None => state.unload_unchanged(wait.run),
    }
    Ok(())
}

/// The result of a step that waits for an event, if it is this one.
fn resolved(
    state: &mut State,
    tx: &mut Tx<'_>,
    wait: WaitKey,
    waiter: &Waiter,
    event: &EventView,
) -> Result<Option<Work>> {
    // Another result of the step may be on its way already.
    let Some(pending) = &waiter.pending else { return Ok(None) };
    // Hashes of two keys may be equal, and one of them of another kind.
    let Some(spec) = pending.wait.as_ref().filter(|spec| *spec.event == *event.event.name) else {
        return Ok(None);
    };
    let condition = (ExpressionPlace::Matching, spec.condition.as_deref());
    if !waiter.accepts(state, tx, condition, event) {
        return Ok(None);
    }
    let outcome = Outcome::Value(to_json(&*event.event)?.get().into());
    Ok(Some(Work::Resolve { run: wait.run, step: Arc::clone(&pending.key), outcome }))
}

/// The end of a run, if an event cancels it.
fn cancelled(
    state: &mut State,
    tx: &mut Tx<'_>,
    wait: WaitKey,
    waiter: &Waiter,
    event: &EventView,
) -> Result<Option<Work>> {
    // Of a database of format 1 the terms may not be known.
    let Some(terms) = tx.store.cancellation(wait)? else { return Ok(None) };
    // What happened before the run's own event says nothing about it. A run of the future can be cancelled from now on.
    let since = waiter.own.as_ref().map_or(waiter.created, |own| own.event.ts.min(waiter.created));
    // When the clock was set back since the run was created, times say nothing.
    let is_older = event.event.ts < since && tx.now >= waiter.created;
    let is_over = terms.until.is_some_and(|until| tx.now > until);
    let condition = (ExpressionPlace::CancelOn, terms.condition.as_deref());
    if is_over || is_older || !waiter.accepts(state, tx, condition, event) {
        return Ok(None);
    }
    let end = RunEnd::cancelled(format!("cancelled by the event `{}`", event.event.name));
    Ok(Some(Work::End { run: wait.run, end }))
}
