//! Events: each is stored once, wakes who waits for it, cancels what it cancels, and starts what it starts.

use std::cell::OnceCell;
use std::sync::Arc;

use serde_json::Value;

use crate::client::Receipt;
use crate::engine::store::{EventKey, Result, RunEnd, WaitKey};
use crate::engine::{Engine, Notice, Tx, envelope_value, milliseconds};
use crate::envelope::RawEnvelope;
use crate::function::{Failure, Outcome};

/// An event that is being accepted; its form for expressions is made when it is first needed.
pub(crate) struct Incoming {
    pub(crate) key: EventKey,
    pub(crate) event: Arc<RawEnvelope>,
    value: OnceCell<Value>,
}

impl Incoming {
    pub(crate) fn new(key: EventKey, event: Arc<RawEnvelope>) -> Self {
        Self { key, event, value: OnceCell::new() }
    }

    pub(crate) fn value(&self) -> &Value {
        self.value.get_or_init(|| envelope_value(&self.event))
    }
}

impl Engine {
    /// Accepts an event unless one with its id was accepted within the window.
    pub(crate) fn accept(&mut self, tx: &mut Tx<'_>, event: RawEnvelope) -> Result<Receipt> {
        let id = event.id.clone();
        let since = tx.now.saturating_sub(self.settings.dedupe_window_ms).saturating_add(1);
        if tx.store.find_event(&id, since)?.is_some() {
            tx.notice(Notice::Duplicate);
            return Ok(Receipt { id, duplicate: true });
        }
        let incoming = self.store_event(tx, event)?;
        fail_point!("event-stored");
        self.wake_waits(tx, &incoming)?;
        let application = Arc::clone(&self.application);
        for &function in application.by_event.get(incoming.event.name.as_str()).into_iter().flatten() {
            self.admit(tx, u32::try_from(function).unwrap_or(u32::MAX), &incoming)?;
        }
        Ok(Receipt { id, duplicate: false })
    }

    /// Stores an event, which starts nothing by that.
    pub(crate) fn store_event(&mut self, tx: &mut Tx<'_>, event: RawEnvelope) -> Result<Incoming> {
        self.next_event += 1;
        let key = self.next_event;
        tx.store.put_event(key, &event, tx.now)?;
        tx.notice(Notice::Event { name: event.name.as_str().into() });
        Ok(Incoming::new(key, Arc::new(event)))
    }

    /// Wakes the runs that wait for an event, and cancels those that it cancels.
    fn wake_waits(&mut self, tx: &mut Tx<'_>, incoming: &Incoming) -> Result<()> {
        let candidates = self.waits.candidates(&incoming.event.name, || incoming.value().clone());
        for wait in candidates {
            if self.load(tx, wait.run)?.is_none() {
                continue;
            }
            match usize::try_from(wait.slot).ok().filter(|slot| *slot < MAX_CANCELS) {
                Some(index) => self.cancel_by(tx, wait, index, incoming)?,
                None => self.wake_wait(tx, wait, incoming)?,
            }
            self.unload_unchanged(wait.run);
        }
        Ok(())
    }

    fn wake_wait(&mut self, tx: &mut Tx<'_>, wait: WaitKey, incoming: &Incoming) -> Result<()> {
        let Some(run) = self.runs.get(&wait.run) else { return Ok(()) };
        let Some(pending) = run.pending.iter().find(|pending| pending.slot() == wait.slot) else {
            return Ok(());
        };
        let Some((name, condition)) = pending.wait.clone() else { return Ok(()) };
        let key = Arc::clone(&pending.key);
        if *name != *incoming.event.name {
            return Ok(());
        }
        if let Some(condition) = condition {
            let event = run.events.first().map(|event| envelope_value(event)).unwrap_or_default();
            let holds = self
                .expressions
                .get(&condition)
                .is_ok_and(|condition| condition.holds(&event, Some(incoming.value())));
            if !holds {
                return Ok(());
            }
        }
        let json = serde_json::to_string(&*incoming.event).unwrap_or_default();
        self.resolve(tx, wait.run, &key, Outcome::Value(json.into()))
    }

    fn cancel_by(&mut self, tx: &mut Tx<'_>, wait: WaitKey, index: usize, incoming: &Incoming) -> Result<()> {
        let Some(run) = self.runs.get(&wait.run) else { return Ok(()) };
        let Some(cancel) = self.options(run.function).cancel_on.get(index) else { return Ok(()) };
        let is_late =
            cancel.timeout.is_some_and(|timeout| tx.now > run.created.saturating_add(milliseconds(timeout)));
        if is_late || cancel.event != incoming.event.name {
            return Ok(());
        }
        if let Some(condition) = &self.rules[run.function as usize].cancels[index] {
            let event = run.events.first().map(|event| envelope_value(event)).unwrap_or_default();
            if !condition.holds(&event, Some(incoming.value())) {
                return Ok(());
            }
        }
        let message = format!("cancelled by the event `{}`", cancel.event);
        self.end(tx, wait.run, RunEnd::Cancelled(Failure { message, attempts: 0 }))
    }
}

/// Slots of the index below this number belong to the option `cancel_on`.
pub(crate) const MAX_CANCELS: usize = 16;
