//! The promises of a handler: what its steps and the host share.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::task::Waker;

use super::{Means, Outcome, Request};
use crate::event::Origin;
use crate::function::{Error, Invocation, Result, StepError, StepKind};
use crate::key_map::KeyMap;
use crate::middleware::Layers;
use crate::signal::Address;

/// The promise of a step, by its number in the order of discovery.
pub(crate) type OpId = usize;

/// A change of a step since the host looked last.
#[derive(Debug)]
pub(crate) enum StepChange {
    /// The handler waits for it.
    Found { op: OpId, key: Arc<str>, request: Request },
    /// Its body, which was permitted, has ended.
    Ran { op: OpId, result: Result<Arc<str>> },
    /// The handler has dropped it before it was resolved.
    Dropped { op: OpId },
}

/// The promises of one handler.
#[derive(Default)]
pub(crate) struct Promises {
    table: Mutex<Table>,
    /// The run that the handler is of.
    pub(super) origin: OnceLock<Arc<Origin>>,
    /// The layers around the handler, if the application has any.
    layers: OnceLock<Arc<Layers>>,
    /// What the host lends, if it lends anything.
    means: OnceLock<Arc<Means>>,
}

/// Every promise, and what the host has not seen yet.
#[derive(Default)]
pub(super) struct Table {
    pub(super) promises: Vec<Promise>,
    pub(super) changes: Vec<StepChange>,
    /// Why the execution cannot go on.
    unreadable: Option<Error>,
    /// The steps whose recorded results do not decode, and why.
    pub(super) undecodable: Vec<(Arc<str>, String)>,
    /// What the handler was told of steps that have failed.
    pub(super) failures: Failures,
    /// Every key that was given out, and the number that the next use of it as an id gets.
    keys: KeyMap<Arc<str>, u32>,
}

/// The promise of a step that was found.
pub(super) struct Promise {
    pub(super) state: PromiseState,
    pub(super) waker: Option<Waker>,
    /// The number of earlier uses of the step's id.
    #[cfg_attr(not(feature = "inngest"), allow(dead_code))]
    pub(super) repeat: u32,
}

pub(super) enum PromiseState {
    /// The host has not answered yet, or the body has ended and its result is being recorded.
    Waiting,
    /// The body may run; it has failed so often.
    Granted { failed: u32 },
    /// The body that undoes the step, which has given this, may run; it has failed so often.
    ToUndo { failed: u32, output: Arc<str> },
    /// The body is being polled. Whether nothing but the end of its time can wake it.
    Running { is_stuck: bool },
    /// The result is there.
    Resolved(Outcome),
    /// The result was taken, or the handler has dropped the step.
    Gone,
}

/// The last failures of steps that the handler was given, as texts.
#[derive(Default)]
pub(super) struct Failures(VecDeque<String>);

impl Failures {
    /// How many are remembered: a handler returns one of the last.
    const KEPT: usize = 8;

    pub(super) fn push(&mut self, error: &StepError) {
        self.0.truncate(Self::KEPT - 1);
        self.0.push_front(error.to_string());
    }
}

impl Promises {
    /// Says which run the handler is of.
    pub(super) fn set_origin(&self, invocation: &Invocation) {
        if let Some(event) = invocation.events.first() {
            let (event, run) = (Arc::clone(event), Arc::clone(&invocation.run_id));
            self.origin.get_or_init(|| Arc::new(Origin::new(event, run)));
        }
    }

    /// Says what the host lends.
    pub(super) fn lend(&self, means: Arc<Means>) {
        self.means.get_or_init(|| means);
    }

    /// What the host lends. A handler that is called alone has nothing.
    pub(super) fn means(&self) -> Option<&Arc<Means>> {
        self.means.get()
    }

    /// Notes whether a body waits for nothing but the end of its time.
    pub(super) fn set_stuck(&self, op: OpId, stuck: bool) {
        if let PromiseState::Running { is_stuck } = &mut self.lock().promises[op].state {
            *is_stuck = stuck;
        }
    }

    /// The name and the token of the signal that a step waits for.
    pub(crate) fn signal(&self, (key, id): (&str, &str)) -> (Arc<str>, Arc<str>) {
        let Some((origin, means)) = self.origin.get().zip(self.means()) else {
            // A handler that is called alone: nobody is there to complete it.
            return (key.into(), format!("token-of-{key}").into());
        };
        let address = Address::new(Arc::clone(origin.run()), key, id);
        (address.name().into(), means.tokens.sign(&address).into())
    }

    /// Says which layers are around the handler.
    pub(crate) fn enter(&self, layers: Arc<Layers>) {
        self.layers.get_or_init(|| layers);
    }

    /// The layers around the handler, if there are any.
    pub(super) fn layers(&self) -> Option<&Arc<Layers>> {
        self.layers.get()
    }

    /// The recorded result of a step as the layers let it pass. `None`: they do not, and the execution fails.
    pub(super) fn recall(&self, step: (&str, StepKind), outcome: Outcome) -> Option<Outcome> {
        match (self.layers(), outcome) {
            (Some(layers), Outcome::Value(json)) => match layers.recall(step, json) {
                Ok(json) => Some(Outcome::Value(json)),
                Err(error) => {
                    self.lock().unreadable = Some(error);
                    None
                }
            },
            (_, outcome) => Some(outcome),
        }
    }

    /// The id of the run that the handler is of.
    #[cfg(feature = "database")]
    pub(crate) fn run(&self) -> &str {
        self.origin.get().map_or("", |origin| &**origin.run())
    }

    /// The result of a step as the layers want it recorded outside of the host.
    #[cfg(feature = "database")]
    pub(crate) fn seal(&self, step: &str, json: String) -> Result<String> {
        match self.layers() {
            Some(layers) => layers.record_elsewhere(step, json),
            None => Ok(json),
        }
    }

    /// The result of a step that was recorded outside of the host.
    #[cfg(feature = "database")]
    pub(crate) fn unseal(&self, step: &str, json: String) -> Result<Arc<str>> {
        match self.layers() {
            Some(layers) => layers.recall((step, StepKind::Run), json.into()),
            None => Ok(json.into()),
        }
    }

    /// Why the execution cannot go on, if it cannot.
    pub(crate) fn take_unreadable(&self) -> Option<Error> {
        self.lock().unreadable.take()
    }

    /// Whether an error repeats the failure of a step. One that wraps a `StepError` and does not say so (thiserror's
    /// `transparent`) is known by its text alone.
    pub(crate) fn is_of_failed_step(&self, error: &Error) -> bool {
        let failures = &self.lock().failures.0;
        if failures.is_empty() {
            return false;
        }
        let text = error.to_string();
        failures.iter().any(|failure| text.contains(failure))
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, Table> {
        // No code that can panic runs under the lock.
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes the state of a promise, unless nobody waits for it any more.
    pub(super) fn set(&self, op: OpId, state: PromiseState) {
        let waker = {
            let mut table = self.lock();
            let promise = &mut table.promises[op];
            if matches!(promise.state, PromiseState::Gone) {
                return;
            }
            promise.state = state;
            promise.waker.take()
        };
        // Outside the lock: a waker may drop futures, and with them steps.
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

impl Table {
    /// The key of a step, which no other step of the run has, and how often its id was used before: `x`, then `x:1`, `x:2`.
    pub(super) fn new_key(&mut self, id: &str) -> (Arc<str>, u32) {
        let mut repeat = self.keys.get(id).copied().unwrap_or(0);
        let key: Arc<str> = if repeat == 0 {
            id.into()
        } else {
            // A function may use `x:1` as an id of its own.
            let mut key = format!("{id}:{repeat}");
            while self.keys.contains_key(&*key) {
                repeat += 1;
                key = format!("{id}:{repeat}");
            }
            self.keys.insert(id.into(), repeat + 1);
            key.into()
        };
        self.keys.insert(Arc::clone(&key), 1);
        (key, repeat)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_steps_have_the_same_key() {
        let mut table = Table::default();
        let keys = ["x", "x", "x:1", "y:1", "y", "y", "y", "x"].map(|id| table.new_key(id));
        let keys = keys.map(|(key, repeat)| format!("{key} {repeat}"));
        assert_eq!(keys, ["x 0", "x:1 1", "x:1:1 1", "y:1 0", "y 0", "y:2 2", "y:3 3", "x:2 2"]);
    }
}
